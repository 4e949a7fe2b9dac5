-- Counts results that are durable in the store. arg: {agent-wise reports: [[sequence, attempt, agent, [[unit, code, group, retries,
-- values, 0, tokens in, out]], total ms]]}. Only the current attempt of a task may report; units that are closed change nothing.
-- Returns {per report: the refused units (none: all counted, or closed before); per report: units of the current attempt that count
-- no more (skipped, or requeued meanwhile); per report: 1 when its task is over; 1 if progress is left to tell; the evaluation's state; its generation}.
also_when_full()
local refused, late, over = {}, {}, {}
-- Mean duration of a unit lately, per route: models of one evaluation may differ a hundredfold.
local agents, means = {}, {}
for i, report in ipairs(arg.reports) do
  local sequence, attempt, agent, items = report[1], report[2], report[3], report[4]
  local task = load_task(sequence)
  local first, last = items[1][1], items[1][1]
  for _, item in ipairs(items) do first = math.min(first, item[1]); last = math.max(last, item[1]) end
  refused[i], late[i], over[i] = {}, {}, 0
  if task and task.st == 'l' and task.a == attempt and task.ag == agent and first >= task.s and last < task.e then
    local window, aside = open_window(task.s, task.e - 1), units_aside(task)
    local closed = 0
    for _, item in ipairs(items) do
      if aside[item[1]] or get_unit(window, item[1]) >= 5 then table.insert(late[i], item[1])
      elseif close_unit(window, item) then closed = closed + 1 end
    end
    save_window(window)
    add(META, 'leased', -closed); add(META, 'leased:' .. task.r, -closed)
    task.n = task.n - closed
    if task.n <= 0 then redis.call('HDEL', TASKS, sequence); over[i] = 1 else save_task(sequence, task) end
    agents[agent] = true
    if closed > 0 then
      local own = math.max(report[5] / #items, 0.001)
      local field = 'unit_ms:' .. task.r
      local mean = means[field] or number(META, field)
      means[field] = mean > 0 and mean * 0.9 + own * 0.1 or own
    end
  else
    -- A repeated report of a task that is over is not refused: its units are closed with these results.
    local window = open_window(first, last)
    for _, item in ipairs(items) do
      local code = get_unit(window, item[1])
      if code < 2 or code >= 5 then table.insert(refused[i], item[1]) end
    end
    if not task and #refused[i] == 0 then over[i] = 1 end
  end
end
write_added()
for agent in pairs(agents) do redis.call('ZADD', AGENTS, now, agent) end
for field, mean in pairs(means) do redis.call('HSET', META, field, string.format('%.3f', mean)) end
settle()
for i = 1, #refused do refused[i], late[i] = table.concat(refused[i], ','), table.concat(late[i], ',') end
return { cjson.encode(refused), cjson.encode(late), cjson.encode(over), tostring(cut_progress(false)), redis.call('HGET', META, 'state') or '', redis.call('HGET', META, 'generation') or '' }
