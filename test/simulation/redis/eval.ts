/** EVAL of the simulated Redis: what goes into a script and what comes out, as Redis converts it. */
import { RedisError, type RedisData, type Reply } from './data.ts';
import { formatNumber } from './lua-library.ts';
import { scriptOf } from './lua-script.ts';
import { LuaTable, type LuaValue } from './lua-table.ts';

/** Runs a script; it is done as a whole, and what it has changed before an error stays changed. */
export function runScript(data: RedisData, lua: string, keys: readonly string[], argv: readonly string[]): Reply {
  const call = (...args: LuaValue[]): LuaValue => {
    const [name = '', ...rest] = args.map(argumentOf);
    return valueOf(data.run(name, rest));
  };
  return replyOf(scriptOf(lua)({ call }, new LuaTable([...keys]), new LuaTable([...argv])));
}

function argumentOf(value: LuaValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formatNumber(value, 17);
  throw new RedisError('ERR Lua redis lib command arguments must be strings or integers');
}

function valueOf(reply: Reply): LuaValue {
  if (reply === null) return false;
  if (Array.isArray(reply)) return new LuaTable(reply.map(valueOf));
  return reply;
}

function replyOf(value: LuaValue): Reply {
  if (typeof value === 'number') return Math.trunc(value);
  if (typeof value === 'string') return value;
  if (value === true) return 1;
  if (value instanceof LuaTable) return value.list.map(replyOf);
  return null;
}
