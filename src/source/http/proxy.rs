//! What signs in at a proxy. Its address comes with name and password from the environment, and the client sends them
//! without being told: a proxy that quotes what it was sent quotes them, too.

use secrecy::SecretString;

use super::base64;
use crate::base::redact;

/// The variables that name a proxy.
const VARIABLES: [&str; 6] = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// The secrets in the addresses of all proxies there are: those of the environment, and the one that is configured.
pub fn secrets_of_proxies(configured: Option<&str>) -> Vec<SecretString> {
    #[expect(clippy::disallowed_methods, reason = "the client reads the same variables")]
    let of_environment = VARIABLES.iter().filter_map(|name| std::env::var(name).ok());
    of_environment.chain(configured.map(str::to_owned)).flat_map(|address| in_address(&address)).collect()
}

/// Name and password as they stand there, decoded, and as the pair in which they are sent. A name that comes with a
/// password is no secret.
fn in_address(address: &str) -> Vec<SecretString> {
    // The scheme may be left out.
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((pair, _)) = authority.rsplit_once('@') else { return Vec::new() };
    let (user, password) = pair.split_once(':').unwrap_or((pair, ""));
    let secret = if password.is_empty() { user } else { password };
    let pair = format!("{user}:{password}");
    let pairs = redact::spellings(&pair).map(|pair| base64(pair.as_bytes()));
    redact::spellings(secret).chain(pairs).map(SecretString::from).collect()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[track_caller]
    fn check(address: &str, text: &str, expected: &str) {
        let secrets = in_address(address);
        assert_eq!(redact::without(secrets.iter().map(ExposeSecret::expose_secret), text), expected, "{address}");
    }

    #[test]
    fn what_signs_in_is_found_however_a_proxy_quotes_it() {
        let address = "http://ann:s3%2Fcret%21@proxy:3128/";
        check(address, "ann:s3%2Fcret%21@proxy, s3/cret!, s3%2fcret!", "ann:***@proxy, ***, ***");
        // As `printf 'ann:s3/cret!' | base64` has it, and with the name and the password as they are written.
        check(address, "Proxy-Authorization: Basic YW5uOnMzL2NyZXQh", "Proxy-Authorization: Basic ***");
        check(address, "Basic YW5uOnMzJTJGY3JldCUyMQ%3D%3D", "Basic ***");
        check("ann:s3cret@proxy:3128", "s3cret", "***");
        check("socks5h://ann:s3cret@proxy:1080", "s3cret", "***");
        check("http://t0ken-alone@proxy", "t0ken-alone dDBrZW4tYWxvbmU6", "*** ***");
        check("http://ann:p@ss:word@proxy", "p@ss:word", "***");
    }

    #[test]
    fn a_proxy_that_asks_for_nothing_has_none() {
        for address in ["", "http://proxy:3128/", "proxy:3128", "http://proxy/a@b", "::"] {
            assert!(in_address(address).is_empty(), "{address}");
        }
    }
}
