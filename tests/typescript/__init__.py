"""The contract as a TypeScript client sees it."""
