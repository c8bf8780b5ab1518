//! Ranges of addresses, as an operator writes them: `10.20.0.0/16`, `2001:db8::/32`, or one address.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// Addresses that begin alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressRange {
    first: IpAddr,
    length: u8,
}

/// The address's bits, and how many it has.
fn bits(address: IpAddr) -> (u128, u8) {
    match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    }
}

/// The bits before the last `left`, moved down; nothing when there are none.
fn beginning(value: u128, left: u8) -> u128 {
    value.checked_shr(left.into()).unwrap_or(0)
}

impl AddressRange {
    /// Whether the address lies in the range. An IPv4 address that came in the form of IPv6 is the same address.
    pub fn holds(&self, address: IpAddr) -> bool {
        let ((first, width), (value, other_width)) = (bits(self.first), bits(address.to_canonical()));
        width == other_width && beginning(first, width - self.length) == beginning(value, width - self.length)
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.first, self.length)
    }
}

impl std::str::FromStr for AddressRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
        let written: IpAddr = address.parse().map_err(|_| "not an address".to_owned())?;
        let (mut first, mut width) = (written, bits(written).1);
        let mut length = match length {
            None => width,
            Some(length) => length.parse().ok().filter(|length| *length <= width).ok_or_else(|| format!("the length must be 0 to {width}"))?,
        };
        if let IpAddr::V6(long) = written
            && let Some(short) = long.to_ipv4_mapped()
        {
            (first, width) = (IpAddr::V4(short), 32);
            length = length.checked_sub(96).ok_or("an IPv4 address in the form of IPv6 needs a length of at least 96")?;
        }
        let range = Self { first, length };
        if beginning(bits(first).0, width - length).checked_shl((width - length).into()).unwrap_or(0) != bits(first).0 {
            return Err(format!("the address goes on after its first {length} bits: did you mean {}?", range.straightened()));
        }
        Ok(range)
    }
}

impl AddressRange {
    /// The range with nothing after its length.
    fn straightened(self) -> Self {
        let (value, width) = bits(self.first);
        let value = beginning(value, width - self.length).checked_shl((width - self.length).into()).unwrap_or(0);
        let first = match self.first {
            IpAddr::V4(_) => IpAddr::V4(u32::try_from(value).unwrap_or(0).into()),
            IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::from_bits(value)),
        };
        Self { first, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(range: &str, address: &str) -> bool {
        range.parse::<AddressRange>().expect("a range").holds(address.parse().expect("an address"))
    }

    #[test]
    fn a_range_holds_what_begins_alike_and_nothing_of_the_other_kind() {
        for (range, inside, outside) in [
            ("10.20.0.0/16", "10.20.255.1", "10.21.0.1"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("203.0.113.128/25", "203.0.113.200", "203.0.113.127"),
            ("2001:db8:5::/48", "2001:db8:5:ffff::1", "2001:db8:6::1"),
            ("::1", "::1", "::2"),
            ("0.0.0.0/0", "255.1.2.3", "::1"),
            ("::/0", "2001::1", "10.0.0.1"),
            ("::ffff:10.20.0.0/112", "10.20.3.4", "10.21.3.4"),
        ] {
            assert!(holds(range, inside) && !holds(range, outside), "{range}");
        }
        assert!(holds("10.20.0.0/16", "::ffff:10.20.1.1"), "an IPv4 address in the form of IPv6");
    }

    #[test]
    fn what_may_be_a_slip_is_refused_and_put_right() {
        let fault = |text: &str| text.parse::<AddressRange>().expect_err(text);
        assert!(fault("10.20.3.4/16").contains("10.20.0.0/16"));
        assert!(fault("2001:db8::1/32").contains("2001:db8::/32"));
        for wrong in ["10.20.0.0/33", "10.20.0/16", "office", "10.20.0.0/", "::/129", "10.0.0.0/-1", "::ffff:10.0.0.0/8"] {
            fault(wrong);
        }
    }
}
