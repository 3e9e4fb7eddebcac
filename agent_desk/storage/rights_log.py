"""The log as PostgreSQL keeps it against whoever signs in: an event is the next of its chain, rightly hashed, or refused.

The same hashes as in `events.py`, reckoned by the database itself.
"""

from agent_desk.storage.events import DOMAIN
from agent_desk.storage.rights_functions import NOBODY, WRITERS, Function

LOG = (
    Function(
        "link(_chain bigint, _seq integer, _kind text, _at bigint, _actor text, _mac bytea, _prev bytea)",
        "bytea",
        "plpgsql IMMUTABLE",
        f"""
        BEGIN
            RETURN sha256(convert_to(E{DOMAIN.decode()!r} || format(
                '{{"actor":"%s","at":%s,"chain":%s,"kind":"%s","payload_mac":"%s","prev":"%s","seq":%s}}',
                _actor, _at, _chain, _kind, encode(_mac, 'hex'), encode(_prev, 'hex'), _seq
            ), 'UTF8'));
        END
        """,
        NOBODY,
    ),
    Function(
        "hmac(_key bytea, _body bytea)",
        "bytea",
        "plpgsql IMMUTABLE",
        """
        DECLARE
            inner_key bytea := decode(repeat('36', 64), 'hex');
            outer_key bytea := decode(repeat('5c', 64), 'hex');
        BEGIN
            FOR place IN 0 .. octet_length(_key) - 1 LOOP
                inner_key := set_byte(inner_key, place, get_byte(_key, place) # 54);
                outer_key := set_byte(outer_key, place, get_byte(_key, place) # 92);
            END LOOP;
            RETURN sha256(outer_key || sha256(inner_key || _body));
        END
        """,
        NOBODY,
    ),
    # VOLATILE, to see the rows the same statement has added before.
    Function(
        "follows(_chain bigint, _seq integer, _kind text, _at bigint, _actor text, _mac bytea, _hash bytea)",
        "boolean",
        "plpgsql VOLATILE",
        """
        DECLARE last record;
        BEGIN
            SELECT e.seq, e.hash INTO last FROM event e WHERE e.chain = _chain ORDER BY e.seq DESC LIMIT 1;
            RETURN _seq = coalesce(last.seq, 0) + 1 AND octet_length(_mac) = 32
                AND _kind ~ '^[a-z][a-z0-9_]{0,39}$' AND _actor ~ '^[a-z0-9]{1,16}$'
                AND _hash = desk_link(_chain, _seq, _kind, _at, _actor, _mac,
                    coalesce(last.hash, decode(repeat('00', 32), 'hex')));
        END
        """,
        WRITERS,
    ),
    Function(
        "ends(_chain bigint, _seq integer, _hash bytea)",
        "boolean",
        "plpgsql STABLE",
        """
        BEGIN
            RETURN EXISTS (SELECT 1 FROM event e WHERE e.chain = _chain AND e.seq = _seq AND e.hash = _hash)
                AND NOT EXISTS (SELECT 1 FROM event e WHERE e.chain = _chain AND e.seq = _seq + 1);
        END
        """,
        WRITERS,
    ),
    Function(
        "holds(_chain bigint, _seq integer, _key bytea, _body text)",
        "boolean",
        "plpgsql STABLE",
        """
        BEGIN
            RETURN octet_length(_key) = 16 AND EXISTS (
                SELECT 1 FROM event e WHERE e.chain = _chain AND e.seq = _seq
                    AND e.payload_mac = desk_hmac(_key, convert_to(_body, 'UTF8'))
            );
        END
        """,
        WRITERS,
    ),
    Function(
        "append(_chain bigint, _kind text, _actor text, _body text)",
        "void",
        "plpgsql VOLATILE",
        """
        DECLARE
            before record;
            next_key bytea := uuid_send(gen_random_uuid());
            next_mac bytea := desk_hmac(next_key, convert_to(_body, 'UTF8'));
            next_at bigint := extract(epoch FROM clock_timestamp()) * 1000000;
            next_hash bytea;
        BEGIN
            INSERT INTO chain (chain, seq, hash, in_checkpoint)
                VALUES (_chain, 0, decode(repeat('00', 32), 'hex'), 0) ON CONFLICT (chain) DO NOTHING;
            SELECT c.seq, c.hash INTO before FROM chain c WHERE c.chain = _chain FOR UPDATE;
            next_hash := desk_link(_chain, before.seq + 1, _kind, next_at, _actor, next_mac, before.hash);
            INSERT INTO event (chain, seq, kind, at, actor, payload_mac, hash)
                VALUES (_chain, before.seq + 1, _kind, next_at, _actor, next_mac, next_hash);
            INSERT INTO payload (chain, seq, key, body) VALUES (_chain, before.seq + 1, next_key, _body);
            UPDATE chain SET seq = before.seq + 1, hash = next_hash WHERE chain = _chain;
        END
        """,
        NOBODY,
    ),
)
# Deferred to COMMIT: events are added before the head moves.
HEAD_GUARD = """
    CREATE FUNCTION desk_guard_head() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp
    AS $$
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM chain c WHERE c.chain = NEW.chain AND c.seq >= NEW.seq) THEN
            RAISE EXCEPTION 'an event its chain does not count' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NULL;
    END $$
"""
HEAD_TRIGGER = """
    CREATE CONSTRAINT TRIGGER event_is_counted AFTER INSERT ON event DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION desk_guard_head()
"""
