-- Run once by the database container, or by hand:
--   SECRETS_DIR=./secrets psql -U postgres -v ON_ERROR_STOP=1 -f docs/deploy/initdb.sql
-- Two roles: `owner` owns the tables and runs migrate, backup and restore; `app` runs
-- web, worker and beat and may change rows only (granted after each migrate).
\set owner_password `cat "${SECRETS_DIR:-/run/secrets}/db_owner_password"`
\set app_password `cat "${SECRETS_DIR:-/run/secrets}/db_app_password"`

CREATE ROLE owner LOGIN PASSWORD :'owner_password';
CREATE ROLE app LOGIN PASSWORD :'app_password';

CREATE DATABASE qiportal OWNER owner;
REVOKE ALL ON DATABASE qiportal FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE qiportal TO app;

-- Where each night's backup is tried out.
CREATE DATABASE qiportal_scratch OWNER owner;
REVOKE ALL ON DATABASE qiportal_scratch FROM PUBLIC;

\connect qiportal
ALTER SCHEMA public OWNER TO owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO app;
\connect qiportal_scratch
ALTER SCHEMA public OWNER TO owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
