/** The tables that the journal consists of (migration 0010); an order's entries are all in one of them. */
export const journalPartitions: readonly string[] = Array.from({ length: 16 }, (_, part) => `journal_${part}`)
