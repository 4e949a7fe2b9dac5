-- Replays results of the store into a ledger that has lost them. arg: {generation: of the recovery; items: [[unit, code, group, retries,
-- values, attempt, tokens in, out]]} in unit order, at most some thousand units apart. Closed units change nothing, so it may be repeated. Returns {how many
-- were closed, those of all that another attempt than the result's runs now, as "attempt:unit …"}; −1 if the ledger is not being recovered (any
-- more), or by another recovery: then nothing is touched.
also_when_full()
if redis.call('HGET', META, 'state') ~= 'recovering' then return { -1, '' } end
if arg.generation and arg.generation ~= number(META, 'generation') then return { -1, '' } end
local closed, overruled = 0, {}
if #arg.items > 0 then
  local first, last = arg.items[1][1], arg.items[#arg.items][1]
  local window, running = open_window(first, last), {}
  local all = number(META, 'leased') > 0 and redis.call('HGETALL', TASKS) or {}
  for i = 1, #all, 2 do
    local task = cjson.decode(all[i + 1])
    if task.st == 'l' and task.s <= last and task.e > first then
      local aside = units_aside(task)
      for unit = math.max(task.s, first), math.min(task.e - 1, last) do if not aside[unit] then running[unit] = task.a end end
    end
  end
  for _, item in ipairs(arg.items) do
    if close_unit(window, item) then closed = closed + 1 end
    -- Also where it was closed before: who did it may have died before it could write that down.
    local attempt = running[item[1]]
    if attempt and item[6] and attempt ~= item[6] then overruled[#overruled + 1] = attempt .. ':' .. item[1] end
  end
  save_window(window)
end
write_added()
return { closed, table.concat(overruled, ' ') }
