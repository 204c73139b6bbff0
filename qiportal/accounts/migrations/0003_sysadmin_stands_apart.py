"""PostgreSQL refuses sysadmin beside qi_team or board at any one time."""

from django.db import migrations

MAKE = """
CREATE FUNCTION accounts_sysadmin_apart() RETURNS trigger AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM accounts_roleassignment other
        WHERE other.user_id = NEW.user_id AND other.id <> NEW.id
          AND (other.role = 'sysadmin') <> (NEW.role = 'sysadmin')
          AND (other.ends_on IS NULL OR other.ends_on > NEW.starts_on)
          AND (NEW.ends_on IS NULL OR NEW.ends_on > other.starts_on)
          AND (other.ends_on IS NULL OR other.ends_on > other.starts_on)
          AND (NEW.ends_on IS NULL OR NEW.ends_on > NEW.starts_on)
    ) THEN
        RAISE EXCEPTION 'A system administrator holds no other role.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER accounts_sysadmin_apart
BEFORE INSERT OR UPDATE ON accounts_roleassignment
FOR EACH ROW EXECUTE FUNCTION accounts_sysadmin_apart();
"""
DROP = """
DROP TRIGGER accounts_sysadmin_apart ON accounts_roleassignment;
DROP FUNCTION accounts_sysadmin_apart();
"""


def on_postgres(sql):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql, params=None)

    return run


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_audit_is_append_only")]
    operations = [migrations.RunPython(on_postgres(MAKE), on_postgres(DROP))]
