-- Makes the ledger of an evaluation, if there is none. arg: {state, generation, units, scorers: [per group], firstUnits: [per group],
-- totals: [per group], borne?, rule?, answers?, kin?: [per group], rebuild, command?, told?}; rebuild: also in the place of one that is being
-- recovered; told: a name for this creation, as that of a command; kin: see errs_beside.
-- Returns 1 if it was made.
local before = redis.call('HGET', META, 'state')
if before and not (arg.rebuild and before == 'recovering') then return 0 end
redis.call('HSET', META, 'units', 0) -- the first write is one that is refused while Redis is full
redis.call('DEL', META, UNITS, TASKS, SUMS, DIRTY, EVENTS, AGENTS)
redis.call('HSET', META, 'generation', arg.generation, 'units', arg.units, 'open', arg.units, 'plan_version', 0,
  'seq', first_sequence(arg.generation), 'grants', 0, 'leased', 0, 'event_seq', 0, 'event_at', 0, 'tokens', 1, 'state', arg.state)
for i, n in ipairs(arg.scorers) do
  redis.call('HSET', META, 'scorers:' .. (i - 1), n, 'cursor:' .. (i - 1), arg.firstUnits[i], 'total:' .. (i - 1), arg.totals[i])
end
if arg.borne then redis.call('HSET', META, 'borne', arg.borne, 'rule', arg.rule, 'answers', arg.answers) end
for i, kin in ipairs(arg.kin or {}) do if kin ~= '' then redis.call('HSET', META, 'kin:' .. (i - 1), kin) end end
if arg.command then redis.call('HSET', META, 'command', arg.command) end
if arg.told then tell(arg.told) end
redis.call('SETRANGE', UNITS, math.floor((arg.units - 1) / 2), '\0')
append_event({ k = 's', t = now, s = arg.state, r = '' })
return 1
