-- Take one token from a bucket, if there is one; the same arithmetic as RateLimiter's.
--   KEYS  the bucket
--   ARGV  tokens per minute; burst; the moment at which the clock stands still, or ''; seconds that it is ahead
-- Returns the tokens left, the moment (Unix seconds), and whether one was taken. Numbers are written out, because a
-- reply has whole ones only, and '..' keeps too few digits of a moment.
local DAY = 86400000

local per_second, burst = tonumber(ARGV[1]) / 60, tonumber(ARGV[2])
local time = redis.call('TIME')
local frozen_at = tonumber(ARGV[3])
local now = frozen_at or time[1] + time[2] / 1000000 + ARGV[4]

local level = burst
local kept = redis.call('HMGET', KEYS[1], 'level', 'since')
if kept[1] then
    local gained = math.max(0, now - kept[2]) * per_second
    level = math.min(burst, math.floor((kept[1] + gained) * 1e9 + 0.5) / 1e9)
end
local admitted = level >= 1
if admitted then
    level = level - 1
end

local told = {string.format('%.17g', level), string.format('%.17g', now), admitted and 1 or 0}
redis.call('HSET', KEYS[1], 'level', told[1], 'since', told[2])
-- A full bucket need not be kept. While the clock stands still, none fills.
redis.call('PEXPIRE', KEYS[1], frozen_at and DAY or math.ceil((burst - level) / per_second * 1000))
return told
