import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../../shared/domain/errors.ts';
import { processSignals, raceSignal, withDeadline } from '../../../../shared/runtime/abort.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';

const never = new Promise<never>(() => undefined);

describe('raceSignal', () => {
  it('gives the value, or the reason of an abort before and during the wait', async () => {
    const controller = new AbortController();
    await expect(raceSignal(Promise.resolve(7), controller.signal)).resolves.toBe(7);
    const waiting = raceSignal(never, controller.signal);
    controller.abort(new AppError('cancelled', 'enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(raceSignal(never, controller.signal)).rejects.toThrow('enough');
  });

  it('leaves no listener and no unhandled rejection behind', async () => {
    const controller = new AbortController();
    const remove = vi.spyOn(controller.signal, 'removeEventListener');
    await raceSignal(Promise.resolve(1), controller.signal);
    await vi.waitFor(() => expect(remove).toHaveBeenCalledOnce());
    const late = Promise.withResolvers<void>();
    const race = raceSignal(late.promise, AbortSignal.abort(new Error('first')));
    late.reject(new Error('second'));
    await expect(race).rejects.toThrow('first');
  });
});

describe('withDeadline', () => {
  it('aborts the work and names it when the time is up', async () => {
    let seen: AbortSignal | undefined;
    const work = withDeadline({ ms: 5, what: 'the flush', clock: systemClock }, (signal) => {
      seen = signal;
      return never;
    });
    await expect(work).rejects.toMatchObject({ code: 'deadline', message: 'the flush did not end within 5 ms' });
    expect(seen?.aborted).toBe(true);
  });

  it('obeys the outer signal, and starts nothing when that is aborted already', async () => {
    const outer = new AbortController();
    const running = withDeadline({ ms: 60_000, what: 'x', clock: systemClock, signal: outer.signal }, () => never);
    outer.abort(new AppError('cancelled', 'outer'));
    await expect(running).rejects.toThrow('outer');
    const work = vi.fn(async () => 1);
    await expect(withDeadline({ ms: 60_000, what: 'x', clock: systemClock, signal: outer.signal }, work)).rejects.toThrow('outer');
    expect(work).not.toHaveBeenCalled();
  });

  it('gives the result and leaves the clock alone afterwards', async () => {
    let sleeping = 0;
    const clock = {
      ...systemClock,
      sleep: (ms: number, signal?: AbortSignal) => (sleeping++, systemClock.sleep(ms, signal).finally(() => sleeping--)),
    };
    await expect(withDeadline({ ms: 60_000, what: 'x', clock }, async () => 'done')).resolves.toBe('done');
    expect(sleeping).toBe(0);
  });
});

describe('processSignals', () => {
  it('stops at the first signal, aborts at the second, calls back once', () => {
    const source = new EventEmitter();
    const second = vi.fn();
    const signals = processSignals(source, second);
    expect([signals.stop.aborted, signals.abort.aborted, signals.received()]).toEqual([false, false, undefined]);
    source.emit('SIGINT', 'SIGINT');
    expect([signals.stop.aborted, signals.abort.aborted, signals.received()]).toEqual([true, false, 'SIGINT']);
    source.emit('SIGTERM', 'SIGTERM');
    source.emit('SIGTERM', 'SIGTERM');
    expect(signals.abort.aborted).toBe(true);
    expect(second).toHaveBeenCalledExactlyOnceWith('SIGTERM');
    signals.dispose();
    expect(source.listenerCount('SIGINT') + source.listenerCount('SIGTERM')).toBe(0);
  });
});
