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

    /// The shape of a zone's file, version 1: no transitions, one type of time, an hour ahead of UTC and called `HERE`.
    fn an_hour_ahead() -> Vec<u8> {
        let counts = [0_u32, 0, 0, 0, 1, 5];
        let mut file = [b"TZif".as_slice(), &[0; 16]].concat();
        file.extend(counts.iter().flat_map(|count| count.to_be_bytes()));
        file.extend(3600_i32.to_be_bytes());
        file.extend([0, 0]);
        file.extend(b"HERE\0");
        file
    }

    #[test]
    fn a_link_into_the_database_gives_the_zone_and_its_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = folder.path().join("zoneinfo/Nowhere");
        fs::create_dir_all(&database).expect("a folder");
        fs::write(database.join("Town"), an_hour_ahead()).expect("written");
        let link = folder.path().join("localtime");
        symlink(database.join("Town"), &link).expect("a link");
        let zone = of_link(&link).expect("a zone");
        assert_eq!(zone.iana_name(), Some("Nowhere/Town"));
        assert_eq!(zone.to_offset(jiff::Timestamp::UNIX_EPOCH).seconds(), 3600);
    }

    #[test]
    fn what_is_out_of_the_ordinary_is_left_to_jiff() {
        let folder = tempfile::tempdir().expect("a folder");
        let plain = folder.path().join("plain");
        fs::write(&plain, an_hour_ahead()).expect("written");
        assert!(of_link(&plain).is_none(), "no link");
        let link = folder.path().join("localtime");
        symlink(&plain, &link).expect("a link");
        assert!(of_link(&link).is_none(), "a link to elsewhere has no name");
        assert!(of_link(&folder.path().join("none")).is_none());
    }
}
