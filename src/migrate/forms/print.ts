import { assisted, hostConf } from './conf.ts'
import type { Form, Mirrors, Printed } from './form.ts'
import { hostedCluster } from './hosted.ts'
import { installConfig } from './install.ts'
import { icsp, idms } from './object.ts'

const PRINTERS: Record<Form, (mirrors: Mirrors) => Printed> = { icsp, idms, 'install-config': installConfig, 'hosted-cluster': hostedCluster, 'registries-conf': hostConf, assisted }

/** The mirrors of a cluster in a form; the text is empty where nothing of them is left in it. */
export function print(form: Form, mirrors: Mirrors): Printed {
  return PRINTERS[form](mirrors)
}
