/** `npm run conformance` holds src/registries against the operator, `npm run conformance -- kustomize` holds src/kustomize against Kustomize. */
if (process.argv[2] === 'kustomize') {
  process.argv.splice(2, 1)
  await import('./kustomize.ts')
} else await import('./operator.ts')
