"""The pages: a module each, with its context and how it is made from the ledger."""
