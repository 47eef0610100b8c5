namespace Billing.Service.Quota.Caching.Redis;

/// <summary>
/// What must happen in Redis at one stroke. Lua's numbers are doubles: amounts pass through as text, and only versions and milliseconds
/// are compared, which stay exact up to 2^53, a million commits a second on one account for 285 years.
/// </summary>
static class Scripts
{
    /// <summary>KEYS: the entry. Nil when there is none; otherwise its fields and values, and the time. A wrong type is an error of Redis.</summary>
    public const string Read =
        """
        local entry = redis.call('HGETALL', KEYS[1])
        if #entry == 0 then return nil end
        local now = redis.call('TIME')
        entry[#entry + 1] = string.format('%d', now[1] * 1000 + math.floor(now[2] / 1000))
        return entry
        """;

    /// <summary>
    /// KEYS: the entry; ARGV: how long it waits to be filled, in milliseconds, and a token. Returns the entry's token and the time.
    /// What is no entry, or one that would stay for good, is replaced by a new one.
    /// </summary>
    public const string BeginFill =
        """
        local token = redis.pcall('HGET', KEYS[1], 'f')
        if type(token) ~= 'string' or redis.call('PTTL', KEYS[1]) < 0 then
            redis.call('DEL', KEYS[1])
            token = ARGV[2]
            redis.call('HSET', KEYS[1], 'f', token)
        end
        if redis.call('HEXISTS', KEYS[1], 't') == 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
        local now = redis.call('TIME')
        return { token, string.format('%d', now[1] * 1000 + math.floor(now[2] / 1000)) }
        """;

    /// <summary>
    /// KEYS: the entry; ARGV: token, time of the ticket, how long the entry lives from then, month, version, then field, version and
    /// value of each part. Returns 0 when the entry is not the ticket's any more.
    /// </summary>
    public const string Fill =
        VersionOf +
        """
        if redis.pcall('HGET', KEYS[1], 'f') ~= ARGV[1] then return 0 end
        local known = version_of('a')
        for i = 6, #ARGV, 3 do
            local version = version_of(ARGV[i])
            -- Of two that are equally new the database's own word counts; what has no version is nobody's.
            if not version or version <= tonumber(ARGV[i + 1]) then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 2]) end
        end
        local filled = redis.call('HGET', KEYS[1], 't')
        if filled then
            -- Who read less than the entry knows may complete it, and makes it live no longer.
            if (tonumber(filled) or 0) >= tonumber(ARGV[2]) or (known and known > tonumber(ARGV[5])) then return 1 end
        end
        redis.call('HSET', KEYS[1], 't', ARGV[2], 'm', ARGV[4])
        redis.call('PEXPIREAT', KEYS[1], string.format('%d', tonumber(ARGV[2]) + tonumber(ARGV[3])))
        return 1
        """;

    /// <summary>
    /// KEYS: the entry; ARGV: field, version and value of each part. A late write cannot hide a newer one, whatever order they come in;
    /// without an entry there is nothing to keep current, and its time to live stays as the fill set it.
    /// </summary>
    public const string Write =
        VersionOf +
        """
        if type(redis.pcall('HGET', KEYS[1], 'f')) ~= 'string' then return 0 end
        local written = 0
        for i = 1, #ARGV, 3 do
            local version, there = version_of(ARGV[i])
            if not there or (version and version < tonumber(ARGV[i + 1])) then
                redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 2])
                written = written + 1
            end
        end
        return written
        """;

    const string VersionOf =
        """
        local function version_of(field)
            local value = redis.call('HGET', KEYS[1], field)
            if not value then return nil, false end
            return tonumber(string.match(value, '^(%d+)|')), true
        end

        """;
}
