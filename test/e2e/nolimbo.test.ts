import assert from 'node:assert/strict'
import { keepEarlyFact, refuseBadInput } from './bad-input.ts'
import { assertClockAlone, assertDemoEnds, assertKeepsTelling, assertVisibleInTemporal } from './demo-ends.ts'
import { assertExactlyOnce, everyOrderGoesOn, finishAll, killInTheMiddle, sendAllAgain } from './kill-everything.ts'
import { type Approval, killWhileApproving, placeForApproval, settle } from './kill-while-approving.ts'
import { refuseSecondStart } from './refused-start.ts'
import { endWhatIsLeft, newPlace, type Place, type RunningNolimbo, startNolimbo, untilGone } from './running-nolimbo.ts'
import { outlastTemporal } from './temporal-away.ts'

/** After a start everything moves on within this time: a call that was killed, and then twice is not answered, is begun again. */
const restartLimitMs = 60_000
const rounds = Number(process.env.NOLIMBO_E2E_KILLS ?? 2)

/** One after the other, on one installation that is ended in every way there is, and started again. */
describe('nolimbo, all of it', function () {
  this.timeout(120_000 + rounds * 30_000)
  let place: Place
  let nolimbo: RunningNolimbo
  before(async () => {
    place = await newPlace()
    nolimbo = await startNolimbo(place, ['--demo', '20'])
  })
  after(endWhatIsLeft)

  it('[E] says where everything is, one line for each part', () => {
    const up = nolimbo.lines.findIndex(line => line.startsWith('nolimbo is up'))
    const parts = nolimbo.lines.slice(0, up).filter(line => line !== '')
    assert.deepEqual(parts.map(line => line.split(' ')[0]).toSorted(), [
      'API',
      'Data',
      'Processes',
      'Sandbox',
      'Store',
      'Temporal',
      'Version',
      'Worker',
    ])
  })

  it('[E] does not start twice on one folder or port', () => refuseSecondStart(nolimbo))

  it('[E] gives each bad input its own code, and never 500', () => refuseBadInput(nolimbo))

  it('[E] keeps a fact that comes before its order', () => keepEarlyFact(nolimbo))

  it('[E] demo: ends as told', () => assertDemoEnds(nolimbo))

  it('[E] demo: the clock alone reminds, escalates, transfers and falls back', () => assertClockAlone(nolimbo))

  it('[E] demo: whoever has a review keeps being told', () => assertKeepsTelling(nolimbo))

  it('[E] demo: Temporal lists what is stuck, and says why', () => assertVisibleInTemporal(nolimbo))

  it('[E] has printed nothing that nobody needs', () => {
    const noise = nolimbo.lines.filter(line => !/^(demo:|[A-Z][A-Za-z-]+ |nolimbo is up|$)/.test(line.trim()))
    assert.deepEqual(noise, [])
  })

  it('[E] Temporal killed: 503, never 500, and it recovers by itself', () => outlastTemporal(nolimbo))

  it('[E] kill -9 of everything amid 60 orders: each goes on, each effect is there once', async () => {
    const acknowledged = await killInTheMiddle(nolimbo)
    const begun = performance.now()
    nolimbo = await startNolimbo(place)
    await everyOrderGoesOn(nolimbo, acknowledged, restartLimitMs - (performance.now() - begun))
    await finishAll(nolimbo)
    await assertExactlyOnce(nolimbo)
  })

  it('[E] sending all of them again changes nothing', async () => {
    const seqs = await assertExactlyOnce(nolimbo)
    const before = await nolimbo.sandbox('GET', '/ledger')
    await sendAllAgain(nolimbo)
    assert.deepEqual(await assertExactlyOnce(nolimbo), seqs)
    assert.deepEqual(await nolimbo.sandbox('GET', '/ledger'), before)
  })

  it('[E] killed while approvals are in flight: no effect that nobody decided, no decision lost', async () => {
    const approvals: Approval[] = []
    for (let round = 1; round <= rounds; round += 1) {
      const placed = await placeForApproval(nolimbo, round)
      approvals.push(...placed)
      const pids = nolimbo.processes()
      // The last time only the start command is: what it has started must end by itself.
      const kill = () => (round === rounds ? nolimbo.killMain(pids) : nolimbo.killNine(pids))
      await killWhileApproving(nolimbo, placed, kill)
      nolimbo = await startNolimbo(place)
    }
    const approved = await settle(nolimbo, approvals)
    const cutOff = approvals.filter(({ acknowledged }) => !acknowledged).length
    assert.ok(approved > 0 && cutOff > 0, `approved ${approved}, cut off ${cutOff}: the kills came at no good instant`)
  })

  it('[E] ends with Ctrl-C, and leaves nothing behind', async () => {
    const pids = nolimbo.processes()
    assert.ok(pids.length >= 4, 'start command, guardian, Temporal, sandbox')
    assert.equal(await nolimbo.interrupt(), 0)
    await untilGone(pids, 0)
    assert.match(nolimbo.lines.at(-1)!, /^Stopped/)
  })
})
