/** The store cannot be reached, or does not answer in time. Transient: the same call may work in a moment; 503. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/** Another process has the embedded store's folder open; two would lose each other's writes. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse'
  readonly holderPid: number | null

  constructor(folder: string, holderPid: number | null) {
    const holder = holderPid === null ? 'another process' : `process ${holderPid}`
    super(
      `${folder} is in use by ${holder}: stop it, choose another NOLIMBO_DATA, or share a PostgreSQL (DATABASE_URL)`,
    )
    this.holderPid = holderPid
  }
}

/** The tables are those of an earlier version, and whoever asks may not change them. */
export class SchemaOutdated extends Error {
  override readonly name = 'SchemaOutdated'

  constructor(pending: readonly string[], options?: ErrorOptions) {
    const missing = `the store's tables lack ${pending.join(', ')}`
    super(`${missing}: run "nolimbo migrate" as the role that owns them (DATABASE_URL)`, options)
  }
}

/** Permanent: the order's row must be inserted before anything is journalled about it. */
export class OrderUnknown extends Error {
  override readonly name = 'OrderUnknown'

  constructor(organisation: string, orderNo: string) {
    super(`no order ${organisation}/${orderNo}`)
  }
}

/** Permanent: the journal already holds another event under this seq. */
export class JournalConflict extends Error {
  override readonly name = 'JournalConflict'
  readonly seq: number

  constructor(organisation: string, orderNo: string, seq: number) {
    super(`the journal of ${organisation}/${orderNo} holds another event under seq ${seq}`)
    this.seq = seq
  }
}

/** Permanent: the events between the stored ones and this one are missing. */
export class JournalGap extends Error {
  override readonly name = 'JournalGap'
  readonly expectedSeq: number

  constructor(organisation: string, orderNo: string, expectedSeq: number, seq: number) {
    super(`the journal of ${organisation}/${orderNo} expects seq ${expectedSeq}, not ${seq}`)
    this.expectedSeq = expectedSeq
  }
}

/** The cursor is not one that this store has given for such a list; 422. */
export class CursorInvalid extends Error {
  override readonly name = 'CursorInvalid'

  constructor() {
    super('not a cursor of this list')
  }
}
