//! The cryptography of TLS: ring. aws-lc, which rustls takes by default, needs a minute of C compiler.

/// Makes TLS use ring. Every place that makes a client says so first; a second time changes nothing.
pub(crate) fn use_ring() {
    // The error is that a provider is there already: this one.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
