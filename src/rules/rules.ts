/** Users' own rules; a bundle of its own (build/dist.ts), so that who has none does not wait for it. */
export { build, type Built, save } from './build.ts'
export { engines } from './engine.ts'
