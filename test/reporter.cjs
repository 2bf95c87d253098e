const { reporters, Runner } = require('mocha')

/** Mocha's spec reporter, whose last line counts the tests: `12 passed, 0 failed` or `12 passed, 1 failed, 2 skipped`. */
class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options)
    // Registered after those of the spec reporter, so that nothing follows the line.
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats
      console.log(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ''}`)
    })
  }
}

module.exports = CountingReporter
