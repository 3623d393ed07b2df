"""The role that public reading uses: made, and usable by us. docs/operators.md has the same for administrators."""

from app.database import READER_ROLE

# From PostgreSQL 16 on, who makes a role may administer it, but not yet become it.
MAKE_READER = f"""
DO $$
DECLARE becoming text := CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{READER_ROLE}') THEN
        BEGIN
            CREATE ROLE {READER_ROLE} NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- two databases of one cluster are made at once, and roles belong to the cluster
        END;
    END IF;
    IF NOT pg_has_role(current_user, '{READER_ROLE}', becoming) THEN
        GRANT {READER_ROLE} TO CURRENT_USER;
    END IF;
END $$
"""
