// What a runner of GitHub Actions starts; it can pass no arguments.
process.argv.splice(2, Infinity, 'action')
void import('./cli.ts')
