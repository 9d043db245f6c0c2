//! Certificates: which are believed, and words for those that are not.
//!
//! Believed is what the machine's authorities signed or those in `ca_file`, and, as curl does, a certificate that stands
//! in `ca_file` itself: one that signs itself is an authority's by its form, and else could never be used.

use std::{
    error::Error as StdError,
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Once},
};

use jiff::Timestamp;
use rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, SignatureScheme,
    client::{
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name,
    },
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject},
    server::ParsedCertificate,
};

use crate::{
    base::human_time,
    files,
    signal::{Fault, FaultKind},
};

/// Largest file of certificates, in bytes: those of all authorities take a quarter of that.
const MAX_PEM: u64 = 1 << 20;
/// Most names of a certificate that are told.
const MAX_NAMES: usize = 4;

/// What is believed of a server, and what is shown to it. Reads files.
pub(super) fn config(ca_file: Option<&Path>, client_cert: Option<&PathBuf>) -> Result<ClientConfig, Fault> {
    let provider = provider();
    let named = ca_file.map(authorities).transpose()?.unwrap_or_default();
    let inner = rustls_platform_verifier::Verifier::new_with_extra_roots(named.iter().cloned(), Arc::clone(&provider));
    let inner = inner.map_err(|error| unusable(&error, ca_file))?;
    let has_file = ca_file.is_some();
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| Fault::new(FaultKind::Tls, error.to_string()))?;
    let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(Verifier { inner, named, has_file }));
    let mut config = match client_cert {
        None => builder.with_no_client_auth(),
        Some(path) => {
            let (chain, key) = identity(path)?;
            let wrong = |_| Fault::new(FaultKind::Tls, format!("the key in {} does not fit it", path.display()));
            builder.with_client_auth_cert(chain, key).map_err(wrong)?
        }
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// The cryptography of all connections; made the process's own, which what is not configured here asks for.
pub(super) fn provider() -> Arc<CryptoProvider> {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Somebody else may have been first, which serves as well.
        let _already = rustls::crypto::ring::default_provider().install_default();
    });
    CryptoProvider::get_default().map_or_else(|| Arc::new(rustls::crypto::ring::default_provider()), Arc::clone)
}

fn authorities(path: &Path) -> Result<Vec<CertificateDer<'static>>, Fault> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem(path)?).collect();
    found.ok().filter(|found| !found.is_empty()).ok_or_else(|| no_pem(path, "certificates"))
}

fn identity(path: &Path) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), Fault> {
    let (what, pem) = ("a certificate with its key", pem(path)?);
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty()).ok_or_else(|| no_pem(path, what))?;
    let key = PrivateKeyDer::from_pem_slice(&pem).map_err(|_| no_pem(path, what))?;
    Ok((chain, key))
}

fn pem(path: &Path) -> Result<Vec<u8>, Fault> {
    let cannot = |why| Fault::new(FaultKind::Tls, format!("cannot read {}: {why}", path.display()));
    files::read(path, MAX_PEM).map_err(cannot)
}

fn no_pem(path: &Path, what: &str) -> Fault {
    Fault::new(FaultKind::Tls, format!("{} does not hold {what} in PEM form", path.display()))
}

/// That there is nothing to believe by.
fn unusable(error: &Error, ca_file: Option<&Path>) -> Fault {
    let why = match (error, ca_file) {
        (Error::General(why), _) => format!("{why}; install them or set `ca_file`"),
        (_, Some(path)) => format!("{} holds a certificate of a form that cannot be used", path.display()),
        (other, None) => other.to_string(),
    };
    Fault::new(FaultKind::Tls, why)
}

#[derive(Debug)]
struct Verifier {
    inner: rustls_platform_verifier::Verifier,
    /// The certificates in `ca_file`.
    named: Vec<CertificateDer<'static>>,
    has_file: bool,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let judged = self.inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        let Err(error) = judged else { return judged };
        let Some(is_authority) = is_about_who_signed(&error) else { return Err(error) };
        // Whether it is valid now was looked at before who signed it.
        if self.named.iter().any(|named| named == end_entity) {
            verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
            return Ok(ServerCertVerified::assertion());
        }
        let unknown = Unknown { is_authority, has_file: self.has_file, alone: intermediates.is_empty() };
        Err(CertificateError::Other(OtherError(Arc::new(unknown))).into())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// Whether all that is wrong is who signed a certificate; and then whether it is an authority's own.
fn is_about_who_signed(error: &Error) -> Option<bool> {
    match error {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => Some(false),
        Error::InvalidCertificate(CertificateError::Other(other)) if other.to_string() == "CaUsedAsEndEntity" => {
            Some(true)
        }
        _ => None,
    }
}

/// That nobody who is believed signed a certificate.
#[derive(Debug)]
struct Unknown {
    is_authority: bool,
    has_file: bool,
    /// Whether the server sent no certificate but its own.
    alone: bool,
}

impl StdError for Unknown {}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.is_authority, self.has_file, self.alone) {
            (true, true, _) => "its certificate signs itself and is not in `ca_file`; add it there",
            (true, false, _) => "its certificate signs itself; put it into a file and set `ca_file`",
            (false, false, false) => "its certificate is signed by an unknown authority; set `ca_file`",
            (false, false, true) => {
                "its certificate is signed by an unknown authority; set `ca_file`, or have the server send its \
                 intermediate certificate too"
            }
            (false, true, false) => "no authority in `ca_file` has signed its certificate, nor those it sent with it",
            (false, true, true) => {
                "no authority in `ca_file` has signed its certificate; maybe an intermediate one is missing: have the \
                 server send it, or add it to `ca_file`"
            }
        })
    }
}

/// What is wrong with a connection, at a time.
pub(super) fn words(error: &Error, now: Timestamp) -> String {
    match error {
        Error::InvalidCertificate(error) => of_certificate(error, now),
        Error::InvalidMessage(_) => "there is no TLS there; is it http?".into(),
        Error::NoCertificatesPresented => "the server shows no certificate".into(),
        Error::AlertReceived(alert) => match alert {
            AlertDescription::CertificateRequired | AlertDescription::NoCertificate => {
                "the server wants a certificate of ours; set `client_cert`".into()
            }
            AlertDescription::BadCertificate
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateRevoked => {
                format!("the server does not take the certificate of ours: {}", spaced(&format!("{alert:?}")))
            }
            AlertDescription::UnrecognisedName => "the server does not know the name it was asked by".into(),
            other => format!("the server broke off: {}", spaced(&format!("{other:?}"))),
        },
        Error::PeerIncompatible(why) => format!("the server speaks another TLS: {}", spaced(&format!("{why:?}"))),
        Error::PeerMisbehaved(why) => format!("the server breaks the rules of TLS: {}", spaced(&format!("{why:?}"))),
        other => other.to_string(),
    }
}

fn of_certificate(error: &CertificateError, now: Timestamp) -> String {
    use CertificateError as C;
    match error {
        C::Expired => "its certificate has expired".into(),
        C::ExpiredContext { not_after, .. } => {
            let (at, apart) = dated(not_after, now);
            format!("its certificate has expired: {apart} ago, on {at}")
        }
        C::NotValidYet => "its certificate is not valid yet".into(),
        C::NotValidYetContext { not_before, .. } => {
            let (at, apart) = dated(not_before, now);
            format!("its certificate is not valid yet: it will be in {apart}, on {at}; is the clock here right?")
        }
        C::NotValidForName => "its certificate is for another name".into(),
        C::NotValidForNameContext { expected, presented } => {
            let expected = expected.to_str();
            match presented.as_slice() {
                [] => format!("its certificate is for no name at all (no subjectAltName), so not for {expected}"),
                names => format!("its certificate is for another name: {}, not {expected}", listed(names)),
            }
        }
        C::UnknownIssuer => "its certificate is signed by an unknown authority; set `ca_file`".into(),
        C::Revoked => "its certificate was taken back by its authority".into(),
        C::InvalidPurpose | C::InvalidPurposeContext { .. } => "its certificate is not one for servers".into(),
        C::BadSignature => "the signature of its certificate is wrong".into(),
        C::BadEncoding => "its certificate is damaged".into(),
        C::Other(OtherError(other)) => match other.downcast_ref::<Unknown>() {
            Some(unknown) => unknown.to_string(),
            None => format!("its certificate cannot be used: {}", spaced(&other.to_string())),
        },
        other => format!("its certificate cannot be used: {other}"),
    }
}

/// The day and minute of a time, and how far it is from now.
fn dated(at: &UnixTime, now: Timestamp) -> (String, String) {
    let at = Timestamp::from_second(i64::try_from(at.as_secs()).unwrap_or(i64::MAX)).unwrap_or(Timestamp::MAX);
    let span = human_time::two_units((now.as_second() - at.as_second()).abs());
    (at.strftime("%Y-%m-%d %H:%M UTC").to_string(), span)
}

/// The first names, as they stand in a certificate: `DnsName("prom.example")`.
fn listed(names: &[String]) -> String {
    let bare = |name: &String| {
        let inside = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
        inside.unwrap_or(name).trim_matches('"').to_owned()
    };
    let more = names.len().saturating_sub(MAX_NAMES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", names.iter().take(MAX_NAMES).map(bare).collect::<Vec<_>>().join(", "))
}

/// `UnsupportedCertVersion` in words.
fn spaced(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 8);
    let mut before = ' ';
    for c in name.chars() {
        if c.is_ascii_uppercase() && before.is_ascii_lowercase() {
            out.push(' ');
        }
        before = c;
        out.push(c.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(error: impl Into<Error>, expected: &str) {
        let now = "2026-11-22T12:00:00Z".parse().expect("a time");
        assert_eq!(words(&error.into(), now), expected);
    }

    fn at(time: &str) -> UnixTime {
        let second = time.parse::<Timestamp>().expect("a time").as_second();
        UnixTime::since_unix_epoch(std::time::Duration::from_secs(second.unsigned_abs()))
    }

    #[test]
    fn certificates_that_do_not_hold_now() {
        let time = at("2026-11-22T12:00:00Z");
        check(
            CertificateError::ExpiredContext { time, not_after: at("2026-11-20T09:30:00Z") },
            "its certificate has expired: 2 d 2 h ago, on 2026-11-20 09:30 UTC",
        );
        check(
            CertificateError::NotValidYetContext { time, not_before: at("2026-11-22T14:00:00Z") },
            "its certificate is not valid yet: it will be in 2 h, on 2026-11-22 14:00 UTC; is the clock here right?",
        );
    }

    #[test]
    fn certificates_for_others() {
        let named = |names: &[&str]| CertificateError::NotValidForNameContext {
            expected: ServerName::try_from("prom.example").expect("a name"),
            presented: names.iter().map(|&name| name.to_owned()).collect(),
        };
        check(
            named(&["DnsName(\"a.example\")", "IpAddress(10.0.0.1)"]),
            "its certificate is for another name: a.example, 10.0.0.1, not prom.example",
        );
        check(
            named(&["a", "b", "c", "d", "e"]),
            "its certificate is for another name: a, b, c, d and 1 more, not prom.example",
        );
        check(named(&[]), "its certificate is for no name at all (no subjectAltName), so not for prom.example");
    }

    #[test]
    fn no_words_of_a_programmer() {
        check(Error::AlertReceived(AlertDescription::ProtocolVersion), "the server broke off: protocol version");
        check(
            Error::AlertReceived(AlertDescription::CertificateRequired),
            "the server wants a certificate of ours; set `client_cert`",
        );
        check(
            CertificateError::Other(OtherError(Arc::new(std::io::Error::other("UnsupportedCertVersion")))),
            "its certificate cannot be used: unsupported cert version",
        );
    }
}
