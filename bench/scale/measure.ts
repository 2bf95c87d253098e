import { connect } from '../../store/connection/connect.ts'
import { patientLimits } from '../../store/connection/postgres-pool.ts'
import type { Store } from '../../store/open-store.ts'
import { type BackgroundTimes, backgroundTimes } from './background-times.ts'
import { type ReadTimes, readTimes } from './read-times.ts'
import { readings } from './readings.ts'
import { startWriting, type Written } from './writing.ts'

export interface Measured {
  readonly alone: readonly ReadTimes[]
  /** Those that people and backends ask most, while others write. */
  readonly whileWriting: readonly ReadTimes[]
  readonly background: readonly BackgroundTimes[]
  readonly writtenAlone: Written
  readonly writtenBesideReaders: Written
}

export interface MeasureRequest {
  readonly apiUrl: string
  readonly databaseUrl: string
  readonly store: Store
  readonly requests: number
  readonly writeMs: number
  readonly log: (line: string) => void
}

const asked = new Set([
  'list: newest',
  'list: page in the middle',
  'list: status=in_transit',
  'list: overdue=true',
  'list: customer',
  'board',
  'tasks of luo',
  'one order',
  'its journal',
  'exceptions: open',
])

export async function measure(request: MeasureRequest): Promise<Measured> {
  const { apiUrl, databaseUrl, store, requests, writeMs, log } = request
  const { db, close } = await connect({ databaseUrl, dataFolder: '' }, patientLimits)
  try {
    const all = await readings(db, Date.now())
    const alone = await readTimes({ url: apiUrl, readings: all, requests, log })
    const background = await backgroundTimes(store, log)
    const writing = startWriting(store)
    await new Promise(resolve => setTimeout(resolve, writeMs))
    const writtenAlone = await writing.stop()
    log(`${(writtenAlone.entries / writtenAlone.seconds).toFixed(0)} entries a second`)
    const beside = startWriting(store)
    const often = all.filter(({ name }) => asked.has(name))
    let whileWriting: readonly ReadTimes[]
    let writtenBesideReaders: Written
    try {
      whileWriting = await readTimes({
        url: apiUrl,
        readings: often,
        requests,
        log: line => log(`while writing, ${line}`),
      })
    } finally {
      writtenBesideReaders = await beside.stop()
    }
    log(`${(writtenBesideReaders.entries / writtenBesideReaders.seconds).toFixed(0)} entries a second beside readers`)
    return { alone, whileWriting, background, writtenAlone, writtenBesideReaders }
  } finally {
    await close()
  }
}
