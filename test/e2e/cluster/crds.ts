import { join } from 'node:path'
import { moduleFolder } from '../../../build/go.ts'

/** The files of OpenShift's CRDs that a cluster has, from the module that build/go.mod pins, by the name of the resource. */
export function crdFiles(): Record<string, string> {
  const api = moduleFolder('github.com/openshift/api')
  const payload = (name: string) => join(api, 'payload-manifests/crds', `${name}.crd.yaml`)
  return {
    'imagecontentsourcepolicies.operator.openshift.io': payload('0000_10_config-operator_01_imagecontentsourcepolicies'),
    'imagedigestmirrorsets.config.openshift.io': payload('0000_10_config-operator_01_imagedigestmirrorsets'),
    'imagetagmirrorsets.config.openshift.io': payload('0000_10_config-operator_01_imagetagmirrorsets'),
    'images.config.openshift.io': payload('0000_10_config-operator_01_images'),
    'infrastructures.config.openshift.io': payload('0000_10_config-operator_01_infrastructures-Default'),
    'clusterversions.config.openshift.io': join(api, 'config/v1/zz_generated.crd-manifests/0000_00_cluster-version-operator_01_clusterversions-Default.crd.yaml'),
    'machineconfigs.machineconfiguration.openshift.io': payload('0000_80_machine-config_01_machineconfigs'),
    'machineconfigpools.machineconfiguration.openshift.io': payload('0000_80_machine-config_01_machineconfigpools-SelfManagedHA'),
  }
}
