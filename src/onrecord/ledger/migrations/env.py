"""Alembic's entry: runs the steps on the connection, and in the transaction, that `onrecord.ledger.schema` began."""

from alembic import context

from onrecord.ledger.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transaction_per_migration=False, transactional_ddl=False)
context.run_migrations()
