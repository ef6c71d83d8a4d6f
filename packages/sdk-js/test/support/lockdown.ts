import 'ses'

// Before anything of the SDK is evaluated, as in an image. Files that import this have a realm of their own.
lockdown({ errorTaming: 'unsafe-debug', reporting: 'none' })
