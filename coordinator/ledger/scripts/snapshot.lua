-- One consistent picture. Returns {state, reason, generation-sequence of the last event, counts, groups, leased, agents, routes} as
-- JSON, or false if there is no ledger. o: open units, b: crashes, losses, returns of its tasks.
local state = redis.call('HGET', META, 'state')
if not state then return false end
local meta = redis.call('HMGET', META, 'reason', 'generation', 'event_seq', 'ended', 'was_cancelled')
local groups, group = {}, 0
while redis.call('HEXISTS', META, 'scorers:' .. group) == 1 do
  groups[group + 1] = group_progress(tostring(group))
  group = group + 1
end
return cjson.encode({ s = state, r = meta[1] or '', cursor = (meta[2] or '1') .. '-' .. (meta[3] or '0'), c = counts(), g = groups,
  f = number(META, 'leased'), o = number(META, 'open'), a = working_agents(), b = { number(META, 'crashes'), number(META, 'losses'), number(META, 'returns') },
  -- was_cancelled: as a ledger of release 0.1 says it.
  x = meta[4] or meta[5] == '1' and 'cancel' or '' })
