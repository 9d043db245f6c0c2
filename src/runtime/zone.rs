//! The time zone of this machine, for a first frame that does not wait for the names of all the others.
//!
//! jiff looks a zone up by its name, and lists every folder of the zone database before the first look: a hundred system
//! calls, and six hundred names that are kept. `/etc/localtime` leads to the same file. Whatever is out of the ordinary is
//! left to jiff.
#![expect(clippy::disallowed_methods, reason = "the zone stands in a file, or in the environment")]

use std::{env, fs, path::Path};

use jiff::tz::TimeZone;

/// The zone that people here live in.
pub fn system() -> TimeZone {
    let is_named = ["TZ", "TZDIR"].iter().any(|name| env::var_os(name).is_some());
    let linked = if is_named { None } else { of_link(Path::new("/etc/localtime")) };
    linked.unwrap_or_else(TimeZone::system)
}

/// The zone that a link into the database leads to, with its name.
fn of_link(link: &Path) -> Option<TimeZone> {
    let target = fs::read_link(link).ok()?;
    let (_, name) = target.to_str()?.rsplit_once("zoneinfo/")?;
    TimeZone::tzif(name, &fs::read(link).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_link_into_the_database_is_what_jiff_makes_of_it() {
        let Ok(known) = TimeZone::get("Europe/Berlin") else { return };
        let folder = tempfile::tempdir().expect("a folder");
        let link = folder.path().join("localtime");
        symlink("/usr/share/zoneinfo/Europe/Berlin", &link).expect("a link");
        // A machine may keep its zones elsewhere, or in the program.
        let Some(zone) = of_link(&link) else { return };
        assert_eq!((zone.iana_name(), &zone), (Some("Europe/Berlin"), &known));
        fs::write(folder.path().join("plain"), "no zone").expect("written");
        assert!(of_link(&folder.path().join("plain")).is_none(), "no link");
    }
}
