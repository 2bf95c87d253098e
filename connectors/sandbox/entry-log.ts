import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Entry } from './entry.ts'

const newline = 0x0a

/**
 * An append-only file of JSON lines. Entries that arrive while the disk is busy share its next write, so that
 * throughput does not depend on how long one fsync takes.
 */
export class EntryLog {
  readonly #file: FileHandle
  #pending: string[] = []
  #writing: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined

  private constructor(file: FileHandle) {
    this.#file = file
  }

  /** Reads what is there, in order, and drops a last line that a crash has torn. Throws when any other line is broken. */
  static async open(path: string, replay: (entry: Entry) => void): Promise<EntryLog> {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(path, 'a')
    try {
      await file.truncate(await readEntries(path, replay))
      await file.sync()
      await syncFolder(dirname(path))
      return new EntryLog(file)
    } catch (error) {
      await file.close()
      throw error
    }
  }

  append(entry: Entry): void {
    this.#pending.push(`${JSON.stringify(entry)}\n`)
  }

  /** Resolves when everything appended so far is on the disk. After a failed write it rejects for ever. */
  durable(): Promise<void> {
    if (this.#pending.length === 0) return this.#next ?? this.#writing
    this.#next ??= this.#writing.then(() => {
      this.#writing = this.#next!
      this.#next = undefined
      return this.#write()
    })
    return this.#next
  }

  async close(): Promise<void> {
    await this.durable()
    await this.#file.close()
  }

  async #write(): Promise<void> {
    const lines = this.#pending.join('')
    this.#pending = []
    await this.#file.appendFile(lines)
    await this.#file.datasync()
  }
}

async function readEntries(path: string, replay: (entry: Entry) => void): Promise<number> {
  let wholeBytes = 0
  let lineNumber = 0
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path)) {
    const bytes = Buffer.concat([rest, chunk as Buffer])
    let start = 0
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      lineNumber += 1
      replay(parseLine(bytes.toString('utf8', start, end), path, lineNumber))
      wholeBytes += end + 1 - start
      start = end + 1
    }
    rest = bytes.subarray(start)
  }
  return wholeBytes
}

function parseLine(line: string, path: string, lineNumber: number): Entry {
  try {
    return JSON.parse(line)
  } catch (error) {
    throw new Error(`${path}: line ${lineNumber} is not an entry: ${line.slice(0, 80)}`, { cause: error })
  }
}

/** A new file survives a power cut only once its folder is on the disk too. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
