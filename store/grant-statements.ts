import { journalPartitions } from './journal-partitions.ts'

/** What a role of PostgreSQL is given: to run nolimbo without being able to rewrite history, or to read only. */
export function grantStatements(role: string, as: 'application' | 'auditor'): readonly string[] {
  const name = `"${role.replaceAll('"', '""')}"`
  const rights = as === 'auditor' ? 'select' : 'select, insert, update, delete'
  const everything = [
    `grant usage on schema public to ${name};`,
    // Rights of an earlier version, or of another kind of role, must not stay.
    `revoke all on all tables in schema public from ${name};`,
    `grant ${rights} on all tables in schema public to ${name};`,
  ]
  if (as === 'auditor') return everything
  return [
    ...everything,
    `grant usage on all sequences in schema public to ${name};`,
    `revoke update, delete on journal, ledger from ${name};`,
    // It writes and reads them through the whole.
    `revoke all on ${journalPartitions.join(', ')} from ${name};`,
    `revoke delete on orders from ${name};`,
    `revoke insert, update, delete on store_migrations from ${name};`,
  ]
}
