-- Closes open units without a result: skipped ones, and what the journal says of a ledger that is being recovered. arg: {command, or '' and
-- generation: of the recovery; code, ranges: [[first, end, group]]} in unit order, at most some thousand units apart. Closed units change
-- nothing, so it may be repeated.
-- A doomed task (see release.lua) without open units is taken away.
-- Returns how many were closed, −1 if the command, or the recovery, is not the one under way (any more): then nothing is touched.
also_when_full()
local meta = redis.call('HMGET', META, 'state', 'command')
local recovering = meta[1] == 'recovering'
if recovering ~= (arg.command == '') or not recovering and meta[2] ~= arg.command then return -1 end
if recovering and arg.generation ~= number(META, 'generation') then return -1 end
if not recovering then redis.call('HINCRBY', META, 'beat', 1) end
local first, last = arg.ranges[1][1], arg.ranges[#arg.ranges][2] - 1
local window, closed = open_window(first, last), 0
for _, range in ipairs(arg.ranges) do
  for unit = range[1], range[2] - 1 do
    if close_unit(window, { unit, arg.code, range[3], 0, {} }) then closed = closed + 1 end
  end
end
save_window(window)
if closed > 0 and not recovering then
  -- The tasks that they lie in have fewer units left; a recovery counts them all anew at its end.
  local all = redis.call('HGETALL', TASKS)
  for i = 1, #all, 2 do
    local task = cjson.decode(all[i + 1])
    if task.s <= last and task.e > first then
      local left = #open_units(task, open_window(task.s, task.e - 1))
      add_waiting(task, left - task.n)
      task.n = left
      if left > 0 then save_task(all[i], task)
      else
        redis.call('HDEL', TASKS, all[i])
        if task.st == 'd' then add(META, 'doomed', -1) end
      end
    end
  end
end
write_added()
cut_progress(false)
return closed
