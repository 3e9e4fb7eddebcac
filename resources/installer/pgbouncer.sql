-- Laisse PgBouncer vérifier les mots de passe de chacun · Lets PgBouncer check everybody's password
-- psql -d agent_desk -f pgbouncer.sql, puis · then: psql -d agent_desk -c '\password pgbouncer'
-- Le même mot de passe dans userlist.txt · The same password in userlist.txt: "pgbouncer" "…"
CREATE ROLE pgbouncer LOGIN;
CREATE SCHEMA pgbouncer;
CREATE FUNCTION pgbouncer.lookup(asked text, OUT usename name, OUT passwd text) RETURNS SETOF record
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT rolname, rolpassword FROM pg_authid
        WHERE rolname = asked AND rolcanlogin AND NOT rolsuper AND (rolvaliduntil IS NULL OR rolvaliduntil > now())
    $$;
REVOKE ALL ON FUNCTION pgbouncer.lookup(text) FROM PUBLIC;
GRANT USAGE ON SCHEMA pgbouncer TO pgbouncer;
GRANT EXECUTE ON FUNCTION pgbouncer.lookup(text) TO pgbouncer;
DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO pgbouncer', current_database()); END $$;
