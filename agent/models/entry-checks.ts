/** What the drivers of HTTP endpoints check of their entry and their base URL. All faults at once, none of them shows the key. */
import { invalid, type Fault } from '../../shared/domain/errors.ts';
import type { ModelEntry } from './provider.ts';

/** Checks the entry and gives its base URL. `allowed`: the values of `endpoint` that the driver knows. */
export function checkedUrl(entry: ModelEntry, defaultUrl: string, allowed: readonly string[]): URL {
  const faults: Fault[] = [];
  const url = URL.canParse(entry.baseUrl ?? defaultUrl) ? new URL(entry.baseUrl ?? defaultUrl) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    faults.push({
      place: 'base_url',
      problem: `${JSON.stringify(entry.baseUrl)} is not an http or https URL; write one like ${defaultUrl}`,
    });
  } else if (url.username || url.password) {
    faults.push({ place: 'base_url', problem: 'has a user name or password in it; use api_key_env or api_key_file' });
  }
  if (entry.apiKey !== undefined && !/^[\x21-\x7e]+$/.test(entry.apiKey.value)) {
    faults.push({
      place: 'api_key',
      problem: 'has characters that no HTTP header may bear (spaces, line ends, non-ASCII); check what it is read from',
    });
  }
  if (!Number.isInteger(entry.maxConnections) || entry.maxConnections < 1) {
    faults.push({ place: 'max_connections', problem: `${entry.maxConnections} is not a whole number of at least 1` });
  }
  if (entry.endpoint !== undefined && !allowed.includes(entry.endpoint)) {
    faults.push({
      place: 'endpoint',
      problem: `${JSON.stringify(entry.endpoint)} is not known to ${entry.provider}; use ${allowed.join(' or ')}`,
    });
  }
  for (const name of Object.keys(entry.options))
    faults.push({ place: `options.${name}`, problem: `${entry.provider} has no such option; remove it` });
  if (faults.length > 0) throw invalid(`model entry ${JSON.stringify(entry.match)}`, faults);
  return url!;
}

/** The URL with `path` after its own path; slashes at its end do not matter, its query stays (Azure's api-version). */
export function joined(base: URL, path: string): URL {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/+$/, '')}${path}`;
  return url;
}
