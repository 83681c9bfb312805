import { diff, directory, imageOf, judge, oci, optionsOf, pipe, policies, type Rule, run } from 'layerpipe'

/** A rule of one's own: nothing but what was meant to be in the image. */
const onlyBelow = (top: string): Rule => ({
  name: 'only-below',
  judge: () => ({
    entry: ({ path }) => (path === top || path.startsWith(`${top}/`) ? null : `is not below /${top}`)
  })
})

/** An archive that appears only if nothing in it is secret or out of place. The files are read once for both. */
export async function exportJudged(path: string, destination: string): Promise<void> {
  const image = imageOf([directory({ path, target: '' })], { platforms: [], changes: [], labels: {}, diff: false })
  const rules = [...policies.secrets, onlyBelow('srv')]
  await run<unknown>([oci(image, optionsOf('oci', { destination })), pipe(image, diff(), judge(rules))])
}
