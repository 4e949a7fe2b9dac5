-- Takes attempts back: their tasks return to the queue under a new incarnation. arg: {crashLimit, lossLimit, items: [[sequence, attempt,
-- kind]]}; kind: crash (its agent died), lost (its lease ran out), returned (its agent gave it back), requeue (a queued task whose
-- job is gone; `attempt` is then the incarnation). Returns per item {answer, incarnation}: queued, unqueued (paused), dead, done, unknown.
local answers = {}
for i, item in ipairs(arg.items) do
  local sequence, kind = item[1], item[3]
  local task = load_task(sequence)
  local held = task and task.st == 'l' and task.a == item[2]
  local stuck = task and kind == 'requeue' and task.st == 'q' and task.i == item[2]
  if not held and not stuck then
    answers[i] = { 'unknown', 0 }
  else
    local window = open_window(task.s, task.e - 1)
    local left = {}
    for unit = task.s, task.e - 1 do if get_unit(window, unit) < 2 then left[#left + 1] = unit end end
    if held then add(META, 'leased', -task.n); add(META, 'leased:' .. task.r, -task.n) else add(META, 'queued:' .. task.r, -task.n) end
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
      task.st = redis.call('HGET', META, 'state') == 'paused' and 'u' or 'q'
      if task.st == 'q' then add(META, 'queued:' .. task.r, task.n) end
      save_task(sequence, task)
      answers[i] = { task.st == 'q' and 'queued' or 'unqueued', task.i }
    end
  end
end
write_added()
finalize_if_closed()
return { cjson.encode(answers), tostring(cut_progress(false)) }
