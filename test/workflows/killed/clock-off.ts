/* Loaded before a worker's program: from then on its machine's clock is wrong by CLOCK_OFF_MS. */
const offMs = Number(process.env.CLOCK_OFF_MS)
const RightDate = Date

class WrongDate extends RightDate {
  constructor(...args: []) {
    if (args.length === 0) super(RightDate.now() + offMs)
    else super(...args)
  }

  static override now(): number {
    return RightDate.now() + offMs
  }
}

globalThis.Date = WrongDate as DateConstructor
