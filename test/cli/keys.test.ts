import assert from 'node:assert/strict'
import { isWholeKey } from '../../api/auth/key-text.ts'
import { run } from '../../cli/commands/keys.ts'
import { openStore } from '../../store/open-store.ts'
import { type RunningApi, runApi } from '../api/running-api.ts'
import { putStoreInto } from '../new-store.ts'
import { tempFolderPerTest } from './temp-folder.ts'

const cleared = ['HOST', 'PORT', 'DATABASE_URL', 'NOLIMBO_DATA', 'NOLIMBO_KEY', 'NOLIMBO_AUTH']

/** In this process: starting one for each would take longer than all else. */
async function keys(env: Record<string, string>, ...args: string[]) {
  const before = { ...process.env }
  const { log, error } = console
  const out: string[] = []
  const problem: string[] = []
  for (const name of cleared) delete process.env[name]
  Object.assign(process.env, env)
  console.log = (line: string) => out.push(line)
  console.error = (line: string) => problem.push(line)
  try {
    const code = await run(args)
    return { code, out: out.join('\n'), problem: problem.join('\n') }
  } finally {
    Object.assign(console, { log, error })
    for (const name of cleared) {
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    }
  }
}

describe('nolimbo keys', () => {
  const folder = tempFolderPerTest()

  it('[I] makes the first key in the store, lists it without itself, and revokes it', async function () {
    this.timeout(60_000)
    putStoreInto(folder())
    const env = { NOLIMBO_DATA: folder() }
    const made = await keys(env, 'create', '--person', 'admin', '--expires', '2099-01-31', '--note', 'first')
    assert.equal(made.code, 0, made.problem)
    assert.ok(isWholeKey(made.out), made.out)
    const id = /^key-[0-9a-f]{12}/.exec(made.problem)?.[0] ?? ''
    assert.match((await keys(env, 'revoke', id)).out, /; revoked \S+ by cli:\w+; first$/)
    const listed = await keys(env, 'list')
    assert.match(
      listed.out,
      /^key-\w+ {2}person admin; created \S+ by cli:\w+; expires 2099-01-31T00:00:00\.000Z; never used; revoked .* first$/,
    )
  })

  it('[I] says what to do where a running nolimbo holds the store', async function () {
    this.timeout(60_000)
    putStoreInto(folder())
    const store = await openStore({ dataFolder: folder() })
    try {
      const { code, problem } = await keys({ NOLIMBO_DATA: folder() }, 'list')
      assert.equal(code, 1)
      assert.match(problem, /^nolimbo runs on this data folder \(process \d+\): set NOLIMBO_KEY to the key of an admin/)
    } finally {
      await store.close()
    }
  })

  it('[I] refuses what makes no sense', async () => {
    const env = { NOLIMBO_DATA: folder() }
    for (const args of [
      [],
      ['create'],
      ['create', '--person', 'mei', '--roles', 'admin'],
      ['create', '--person', 'mei', '--service', 'x'],
      ['create', '--service', 'x'],
      ['list', 'x'],
      ['revoke'],
      ['revoke', 'key-0', '--note', 'x'],
      ['make'],
      ['list', '--all'],
    ]) {
      const { code, problem } = await keys(env, ...args)
      assert.equal(code, 2, args.join(' '))
      assert.match(problem, /^usage: nolimbo keys create/)
    }
  })

  describe('beside a running nolimbo', () => {
    let api: RunningApi
    let env: Record<string, string>
    before(async () => {
      api = await runApi({ auth: { kinds: ['demo', 'keys'] } })
      const { hostname, port } = new URL(api.url)
      env = { HOST: hostname, PORT: port, NOLIMBO_KEY: 'demo-admin' }
    })
    after(() => api.close())

    it('[I] goes through its API with the key of an admin', async () => {
      const made = await keys(env, 'create', '--service', 'webshop', '--roles', 'service, finance')
      assert.equal(made.code, 0, made.problem)
      assert.match(made.problem, /service webshop \(service, finance\); created \S+ by admin; no expiry; never used/)
      const good = () => api.get('/api/tasks', { headers: { Authorization: `Bearer ${made.out}` } })
      assert.equal((await good()).status, 200)
      const [id = ''] = made.problem.split(' ')
      assert.match((await keys(env, 'list')).out, new RegExp(`^${id}  service webshop`))
      assert.equal((await keys(env, 'revoke', id)).code, 0)
      assert.equal((await good()).body.code, 'key_revoked')
      assert.deepEqual((await keys(env, 'revoke', 'x/y')).problem, 'there is no such key')
      const nobody = await keys(env, 'create', '--person', 'nobody')
      assert.deepEqual([nobody.code, nobody.out], [1, ''])
      assert.match(nobody.problem, /^person: nobody in the organisation "[\w-]+" is called "nobody"$/)
      assert.match((await keys(env, 'create', '--person', 'mei', '--expires', 'soon')).problem, /expiresAt/)
      const refused = await keys({ ...env, NOLIMBO_KEY: 'demo-mei' }, 'list')
      assert.deepEqual([refused.code, refused.problem], [1, 'keys are for the role admin'])
    })

    it('[I] says that it is not there', async () => {
      const { code, problem } = await keys({ ...env, PORT: '1' }, 'list')
      assert.equal(code, 1)
      assert.match(problem, /^the API does not answer at http:\/\/127\.0\.0\.1:1: without NOLIMBO_KEY/)
    })
  })
})
