-- Opens closed units again. arg: {command, items: [[unit, code, group, retries, values, anew, tokens in, out]]} in unit order, at most some thousand units
-- apart: what was counted of each is taken back, if it is still closed so. A unit that lies in a waiting task is run by it; all others are
-- planned again, for which the planner's cursor goes back. A leased or doomed task that held it loses it. anew (1): a judge's call about an
-- answer that is opened too; it may be scored as well, or open, and any task that holds it loses it.
-- Returns how many were opened, −1 if the command is not the one under way (any more): then nothing is touched.
also_when_full()
local meta = redis.call('HMGET', META, 'state', 'command')
if meta[1] ~= 'running' and meta[1] ~= 'paused' or meta[2] ~= arg.command then return -1 end
redis.call('HINCRBY', META, 'beat', 1)
local first, last = arg.items[1][1], arg.items[#arg.items][1]
local window = open_window(first, last)
local tasks, owners, touched, lowest, opened = {}, {}, {}, {}, 0
local all = redis.call('HGETALL', TASKS)
for i = 1, #all, 2 do
  local task = cjson.decode(all[i + 1])
  if task.s <= last and task.e > first then
    tasks[all[i]] = task
    local aside = units_aside(task)
    for unit = math.max(task.s, first), math.min(task.e - 1, last) do if not aside[unit] then owners[unit] = all[i] end end
  end
end
for _, item in ipairs(arg.items) do
  local unit, code, group = item[1], item[2], item[3]
  local anew = item[6] == 1
  if code < 2 then
    -- What runs, or waits, is about an answer that is gone.
    local sequence = owners[unit]
    local task = sequence and tasks[sequence]
    if anew and task and get_unit(window, unit) < 2 then
      task.x = task.x or {}
      table.insert(task.x, unit)
      task.n = task.n - 1
      add_waiting(task, -1)
      touched[sequence] = true
      lowest[group] = math.min(lowest[group] or unit, unit)
    end
  elseif (code > 2 or anew) and get_unit(window, unit) == code then
    set_unit(window, unit, 0)
    opened = opened + 1
    add(META, NAMES[code], -1); add(META, 'open', 1)
    if (code == 4 or code == 6) and errs_beside(window, unit, group) then add(META, 'beside', -1) end
    add(SUMS, group .. ':' .. NAMES[code], -1); add(SUMS, group .. ':retries', -(item[4] or 0))
    add(SUMS, group .. ':in', -(item[7] or 0)); add(SUMS, group .. ':out', -(item[8] or 0))
    for i, value in ipairs(item[5] or {}) do
      if value ~= cjson.null then
        local field = group .. ':s' .. (i - 1)
        add(SUMS, field .. ':n', -1); add(SUMS, field .. ':sum', -value); add(SUMS, field .. ':sq', -value * value)
      end
    end
    changed_groups[group] = true
    local sequence = owners[unit]
    local task = sequence and tasks[sequence]
    if task then touched[sequence] = true end
    if task and not anew and (task.st == 'q' or task.st == 'u') then
      task.n = task.n + 1
      add_waiting(task, 1)
    else
      if task then task.x = task.x or {}; table.insert(task.x, unit) end
      lowest[group] = math.min(lowest[group] or unit, unit)
    end
  end
end
save_window(window)
for sequence in pairs(touched) do
  local task = tasks[sequence]
  if task.n > 0 then save_task(sequence, task)
  else
    redis.call('HDEL', TASKS, sequence)
    if task.st == 'd' then add(META, 'doomed', -1) end
  end
end
for group, unit in pairs(lowest) do plan_again(group, unit) end
if opened > 0 then add(META, 'plan_version', 1) end
write_added()
cut_progress(false)
return opened
