-- Takes attempts back: their tasks return to the queue under a new incarnation. arg: {crashLimit, lossLimit, items: [[sequence, attempt,
-- kind]]}; kind: crash (its agent died), lost (its lease ran out), returned (its agent gave it back), requeue (a queued task whose
-- job is gone; `attempt` is then the incarnation). Returns per item {answer, incarnation}: queued, unqueued (paused, draining), dead, done, unknown.
also_when_full()
local answers = {}
local halted = redis.call('HGET', META, 'state') == 'paused' or redis.call('HEXISTS', META, 'draining') == 1
for i, item in ipairs(arg.items) do
  local sequence, kind = item[1], item[3]
  local task = load_task(sequence)
  local held = task and task.st == 'l' and task.a == item[2]
  local stuck = task and kind == 'requeue' and task.st == 'q' and task.i == item[2]
  if not held and not stuck then
    answers[i] = { 'unknown', 0 }
  else
    local window = open_window(task.s, task.e - 1)
    local left = open_units(task, window)
    add_waiting(task, -task.n)
    if kind == 'crash' then task.cr = task.cr + 1 elseif kind == 'lost' then task.lo = task.lo + 1 end
    redis.call('SADD', DIRTY, task.g)
    if #left == 0 then
      redis.call('HDEL', TASKS, sequence)
      answers[i] = { 'done', 0 }
    elseif task.cr >= arg.crashLimit or task.lo >= arg.lossLimit then
      for _, unit in ipairs(left) do close_unit(window, { unit, 6, task.g, 0, {} }) end
      save_window(window)
      redis.call('HDEL', TASKS, sequence)
      answers[i] = { 'dead', 0 }
    else
      task.i = task.i + 1; task.n = #left; task.at = now; task.a = nil; task.ag = nil; task.gr = nil
      task.st = halted and 'u' or 'q'
      add_waiting(task, task.n)
      save_task(sequence, task)
      answers[i] = { task.st == 'q' and 'queued' or 'unqueued', task.i }
    end
  end
end
write_added()
settle()
return { cjson.encode(answers), tostring(cut_progress(false)) }
