-- Takes units from the task of an attempt that runs on: its agent has let go of them without having started them. arg: {sequence, attempt,
-- agent, units}. They are set aside (x), so that this attempt can never report them, and are planned again, as a requeue does it. It may be
-- repeated: units that are closed, or aside already, change nothing.
-- Returns {answer, how many were taken}: taken; over (the task has none left, and is gone); unknown (the attempt is not the current one);
-- later (the ledger is being recovered, or lost).
also_when_full()
local state = redis.call('HGET', META, 'state')
if not state or state == 'recovering' then return { 'later', 0 } end
local task = load_task(arg.sequence)
if not task or task.st ~= 'l' or task.a ~= arg.attempt or task.ag ~= arg.agent then return { 'unknown', 0 } end
local window, aside, lowest, taken = open_window(task.s, task.e - 1), units_aside(task), nil, 0
for _, unit in ipairs(arg.units) do
  if unit >= task.s and unit < task.e and not aside[unit] and get_unit(window, unit) < 2 then
    task.x = task.x or {}
    table.insert(task.x, unit)
    aside[unit] = true
    lowest = math.min(lowest or unit, unit)
    taken = taken + 1
  end
end
if taken > 0 then
  add_waiting(task, -taken)
  task.n = task.n - taken
  if task.n > 0 then save_task(arg.sequence, task) else redis.call('HDEL', TASKS, arg.sequence) end
  plan_again(task.g, lowest)
  write_added()
  settle()
end
return { task.n > 0 and 'taken' or 'over', taken }
