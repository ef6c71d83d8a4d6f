// For its effect: the libraries of guards look for a global `HandledPromise` when they are evaluated.
import '@endo/eventual-send/shim.js'
