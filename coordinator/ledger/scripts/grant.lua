-- Grants attempts at tasks. arg: {agent, grants: [[sequence, incarnation, attempt, traceparent, 1 if it gets a signed lease]]}. A task is granted only while it is queued
-- under the same incarnation: every return to the queue is a new one, so an old job in the queue is powerless. The same
-- attempt may ask again (a lost reply) and gets the same answer.
-- Returns per grant {answer, grant number, crashes, open units as "first,…"}; answers: granted, done, paused, later, stale.
local answers = {}
local state = redis.call('HGET', META, 'state')
local halted = state == 'paused' or redis.call('HEXISTS', META, 'draining') == 1
local grants, generation, touched = number(META, 'grants'), number(META, 'generation'), {}
for i, g in ipairs(arg.grants) do
  local sequence, incarnation, attempt = g[1], g[2], g[3]
  local task = state and load_task(sequence)
  if not state or not task or state == 'finalizing' or state == 'succeeded' or state == 'failed' or state == 'cancelled' then
    answers[i] = { 'done', 0, 0, '' }
  elseif task.st == 'l' and task.a == attempt and task.ag == arg.agent or task.st == 'q' and task.i == incarnation then
    if state == 'recovering' or state == 'accepted' then answers[i] = { 'later', 0, 0, '' }
    elseif halted and task.st == 'q' then
      add(META, 'queued:' .. task.r, -task.n)
      task.st = 'u'
      save_task(sequence, task)
      answers[i] = { 'paused', 0, 0, '' }
    else
      local window = open_window(task.s, task.e - 1)
      local left = open_units(task, window)
      if task.st == 'q' then
        add(META, 'queued:' .. task.r, -task.n)
        if #left > 0 then
          add(META, 'leased', #left); add(META, 'leased:' .. task.r, #left); add(META, 'grants', 1)
          grants = grants + 1
          task.st = 'l'; task.a = attempt; task.ag = arg.agent; task.n = #left; task.at = now
          if g[4] and g[4] ~= '' then task.tp = g[4] end
          -- lf: the attempt that was given a signed lease. A coordinator of before leaves it as it is, so it may be that of an earlier one.
          if g[5] == 1 then task.lf = attempt else task.lf = nil end
          task.gr = generation * 4294967296 + grants
          save_task(sequence, task)
          touched[task.g] = true
        else
          redis.call('HDEL', TASKS, sequence)
        end
      end
      if #left > 0 then answers[i] = { 'granted', task.gr, task.cr, table.concat(left, ',') } else answers[i] = { 'done', 0, 0, '' } end
    end
  else
    answers[i] = { 'stale', 0, 0, '' }
  end
end
write_added()
for group in pairs(touched) do
  redis.call('SADD', DIRTY, group)
  redis.call('ZADD', AGENTS, now, arg.agent)
end
return { cjson.encode(answers), tostring(cut_progress(false)) }
