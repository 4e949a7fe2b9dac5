-- After a resume: the tasks that were unqueued wait again, each under a new incarnation. Returns [[sequence, incarnation, …task]].
local requeued = {}
if redis.call('HGET', META, 'state') == 'running' then
  local all = redis.call('HGETALL', TASKS)
  for i = 1, #all, 2 do
    local task = cjson.decode(all[i + 1])
    if task.st == 'u' then
      task.st = 'q'; task.i = task.i + 1; task.at = now
      add(META, 'queued:' .. task.r, task.n)
      save_task(all[i], task)
      requeued[#requeued + 1] = tonumber(all[i])
    end
  end
end
write_added()
return cjson.encode(requeued)
