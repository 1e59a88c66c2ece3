import path from "node:path"

/**
 * The attacks that the tests of `test/attack/` made, and those that were survived, for each file: of the JSON that
 * vitest writes. A test that does not say how many it made has made one.
 */
export const attacksOf = ({ testResults }) =>
  testResults
    .filter(({ name }) => name.includes("/test/attack/"))
    .map(({ name, assertionResults }) => {
      const made = (...statuses) =>
        assertionResults
          .filter(({ status }) => statuses.includes(status))
          .reduce((all, { meta }) => all + (meta?.attacks ?? 1), 0)
      return {
        family: path.basename(name, ".test.ts"),
        tried: made("passed", "failed"),
        survived: made("passed")
      }
    })
    .sort((a, b) => (a.family < b.family ? -1 : 1))
