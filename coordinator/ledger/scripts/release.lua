-- Takes attempts back: their tasks return to the queue under a new incarnation. arg: {crashLimit, lossLimit, items: [[sequence, attempt,
-- kind, evidence, suspects]]}; kind: crash (its agent died), lost (its lease ran out), returned (its agent gave it back), requeue (a queued
-- task whose job is gone; `attempt` is then the incarnation), crashed (an attempt whose lease ran out before its agent was back and told of
-- its crash: the loss becomes a crash, once; one that is still the task's is a crash like any other). evidence: an object that is kept with the task, with attempt (a), agent (ag),
-- kind (k) and time (at) written into it; of crashes and losses, the last 5 (ev). suspects: units, of a crash: only these were running. If
-- that is known, the task keeps only them; its other open units are set aside (x) and planned again, as a requeue does it.
-- cr, lo, re count crashes, losses and returns of the task; crashes, losses, returns in META those of the evaluation.
-- A task at one of its limits is doomed (st d): never granted nor planned again; `doomed` in META counts such tasks. Its units stay open
-- until the journal says that they are dead: close.lua, under that command, closes them and takes the task away.
-- Returns per item {answer, incarnation}: queued, unqueued (paused, draining), doomed, done, noted (a crash that is told late), unknown.
also_when_full()
local KEEP = 5
local answers = {}
-- What is left to a task of which only the suspects ran; the others are planned again.
local function narrow(task, left, suspects)
  if type(suspects) ~= 'table' then return left end
  local is_suspect, kept, lowest = {}, {}, nil
  for _, unit in ipairs(suspects) do is_suspect[unit] = true end
  for _, unit in ipairs(left) do if is_suspect[unit] then kept[#kept + 1] = unit end end
  -- Where none of the named units is open, nothing is known after all.
  if #kept == 0 or #kept == #left then return left end
  task.x = task.x or {}
  for _, unit in ipairs(left) do
    if not is_suspect[unit] then
      table.insert(task.x, unit)
      lowest = lowest or unit
    end
  end
  plan_again(task.g, lowest)
  return kept
end
local function told_late(task, attempt, evidence)
  for _, entry in ipairs(task and task.ev or {}) do
    if entry.a == attempt and entry.k == 'lost' then
      entry.k = 'crash'
      for name, value in pairs(type(evidence) == 'table' and evidence or {}) do entry[name] = value end
      return true
    end
  end
  return false
end
local halted = redis.call('HGET', META, 'state') == 'paused' or redis.call('HEXISTS', META, 'draining') == 1
for i, item in ipairs(arg.items) do
  local sequence, kind, evidence, suspects = item[1], item[3], item[4], item[5]
  local task = load_task(sequence)
  local held = task and task.st == 'l' and task.a == item[2]
  local stuck = task and kind == 'requeue' and task.st == 'q' and task.i == item[2]
  if kind == 'crashed' and told_late(task, item[2], evidence) then
    task.cr = task.cr + 1; task.lo = task.lo - 1
    add(META, 'crashes', 1); add(META, 'losses', -1)
    answers[i] = { 'noted', task.i }
    -- One that runs elsewhere meanwhile is judged when that attempt ends.
    if task.st == 'q' or task.st == 'u' then
      add_waiting(task, -task.n)
      task.n = #narrow(task, open_units(task, open_window(task.s, task.e - 1)), suspects)
      if task.cr >= arg.crashLimit and task.n > 0 then
        task.st = 'd'
        add(META, 'doomed', 1)
        answers[i] = { 'doomed', task.i }
      end
      add_waiting(task, task.n)
    end
    save_task(sequence, task)
  elseif not held and not stuck then
    answers[i] = { 'unknown', 0 }
  else
    -- Its lease ran out, and nobody has taken it back so far.
    if kind == 'crashed' then kind = 'crash' end
    local window = open_window(task.s, task.e - 1)
    local left = open_units(task, window)
    add_waiting(task, -task.n)
    if kind == 'crash' then task.cr = task.cr + 1; add(META, 'crashes', 1)
    elseif kind == 'lost' then task.lo = task.lo + 1; add(META, 'losses', 1)
    elseif kind == 'returned' then task.re = (task.re or 0) + 1; add(META, 'returns', 1) end
    if kind == 'crash' or kind == 'lost' then
      local entry = type(evidence) == 'table' and evidence or {}
      entry.a = task.a; entry.ag = task.ag; entry.k = kind; entry.at = now
      task.ev = task.ev or {}
      table.insert(task.ev, entry)
      if #task.ev > KEEP then table.remove(task.ev, 1) end
    end
    redis.call('SADD', DIRTY, task.g)
    if kind == 'crash' then left = narrow(task, left, suspects) end
    if #left == 0 then
      redis.call('HDEL', TASKS, sequence)
      answers[i] = { 'done', 0 }
    else
      task.i = task.i + 1; task.n = #left; task.at = now; task.a = nil; task.ag = nil; task.gr = nil
      if task.cr >= arg.crashLimit or task.lo >= arg.lossLimit then
        task.st = 'd'
        add(META, 'doomed', 1)
        answers[i] = { 'doomed', task.i }
      else
        task.st = halted and 'u' or 'q'
        add_waiting(task, task.n)
        answers[i] = { task.st == 'q' and 'queued' or 'unqueued', task.i }
      end
      save_task(sequence, task)
    end
  end
end
write_added()
settle()
return { cjson.encode(answers), tostring(cut_progress(false)) }
