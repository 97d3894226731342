"""Steps from one version of the schema to the next, run by Alembic through `onrecord.ledger.schema`."""
