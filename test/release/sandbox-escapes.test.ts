/**
 * Programs that try to get out of the sandbox, or to pass without being right: each fails, the host is as before, and nothing is
 * left running. `test/integration/sandbox.test.ts` runs a sample of them.
 */
import { afterAll, describe, expect, test } from 'vitest';
import type { CodeVerdict } from '../../agent/sandbox/code-run.ts';
import { EscapeHost } from '../support/escape-host.ts';
import { KEPT, WRONG } from '../support/escapes.ts';

const host = await EscapeHost.open();
afterAll(() => host?.close());

describe.skipIf(!host)('what a program tries', () => {
  test('the reference solution passes', async () => {
    expect(await host!.run('    return n + 1')).toEqual({ passed: true, why: '' });
  });

  test.each(WRONG)('%s fails', async (_, body, why, more) => {
    const verdict = await host!.run(body, more);
    expect(verdict.passed).toBe(false);
    expect(verdict.why).toMatch(why);
    expect(host!.harm()).toEqual([]);
  });

  test.skipIf(process.arch !== 'x64').each(KEPT)('it is kept from %s', async (_, body) => {
    expect(await host!.run(body)).toEqual({ passed: true, why: '' });
    expect(host!.harm()).toEqual([]);
  });

  test('a daemon ends with its run', async () => {
    const daemon =
      '    import os, time\n    if os.fork() == 0:\n        os.setsid()\n        if os.fork() == 0:\n            os.closerange(0, 64)\n            while True: time.sleep(1)\n        os._exit(0)\n    return n + 1';
    expect(await host!.run(daemon)).toEqual({ passed: true, why: '' });
    expect(host!.harm()).toEqual([]);
  });
});

describe.skipIf(!host)('what crosses between program and tests', () => {
  const passes = (program: string, test: string): Promise<CodeVerdict> => host!.run('', { program, prompt: '', test, entryPoint: 'f' });
  test.each([
    [
      'plain values',
      'def f(x): return x',
      'VALUES = [None, True, 0, -1, 10**400, -0.0, 1e308, 1.5, 2j, "", "\\ud800é\\0", b"\\xff", [], (), {}, set(), frozenset({1}), [(1, [2, {3: {4}}])], {"a": {(1, 2): None}}, range(3), ...]\ndef check(c):\n    for v in VALUES:\n        r = c(v)\n        assert r == v and type(r) is type(v) and repr(r) == repr(v), v\n    assert str(c(float("nan"))) == "nan" and c(float("inf")) == float("inf")',
    ],
    ['keyword arguments', 'def f(a, *, b=1): return a - b', 'def check(c): assert c(5) == 4 and c(5, b=2) == 3 and c(a=1, b=1) == 0'],
    ['iterators and views', 'def f(x):\n    yield from x', 'def check(c): assert list(c([1, 2])) == [1, 2] and sum(c(range(4))) == 6'],
    [
      'subclasses as what they hold',
      'import collections\ndef f(x): return collections.Counter(x)',
      'def check(c): assert c("aab") == {"a": 2, "b": 1}',
    ],
    [
      'what is done to an argument',
      'def f(x):\n    x.append(1); x[0] = 9',
      'def check(c):\n    x = [0]\n    assert c(x) is None and x == [9, 1]',
    ],
    [
      'exceptions by their type',
      'def f(x):\n    class Own(KeyError): pass\n    raise Own(x)',
      'def check(c):\n    try: c(1)\n    except KeyError: return\n    assert False',
    ],
    ['the name of the function', 'def f(x): return x', 'def check(c): assert c(1) == f(1) == 1'],
    ['other functions of the program', 'def f(x): return x\ndef g(x): return x + 1', 'def check(c): assert g(c(1)) == 2'],
  ])('%s', async (_, program, text) => {
    expect(await passes(program, text)).toEqual({ passed: true, why: '' });
  });

  test('statements without an entry point', async () => {
    const job = { program: 'def g(x): return x', prompt: '', test: 'assert g(2) == 2\nassert g([1]) == [1]', entryPoint: undefined };
    expect(await host!.run('', job)).toEqual({ passed: true, why: '' });
    expect((await host!.run('', { ...job, program: 'def g(x): return 2' })).why).toMatch(/^AssertionError/);
  });

  test('a broken test is an error, not a wrong answer', async () => {
    await expect(host!.run('    return n + 1', { test: 'def check(:' })).rejects.toThrow('the sample’s test is no Python: SyntaxError');
    await expect(host!.run('    return n + 1', { test: 'x = 1' })).rejects.toThrow('defines no function `check`');
  });

  test('a test that forgives everything does not forgive the program’s end', async () => {
    const text = 'def check(c):\n    try: assert c(1) == 2\n    except: pass';
    expect(await host!.run('    import os; os._exit(0)', { test: text })).toEqual({
      passed: false,
      why: 'the program ended before the tests did',
    });
  });

  test('an aborted run is no verdict, and leaves nothing', async () => {
    const abort = new AbortController();
    const running = host!.run('    return n\nwhile True: pass', { timeoutMs: 60_000 }, abort);
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect(host!.harm()).toEqual([]);
  });
});
