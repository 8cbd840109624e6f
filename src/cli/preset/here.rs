//! What this machine has, as Linux tells it.

use std::path::Path;
use std::thread::available_parallelism;

use anyhow::{Context, anyhow};

use crate::config::Disk;

use super::super::failure::Failure;
use super::super::files;

const MIB: u64 = 1024 * 1024;

pub(super) struct Here {
    /// Three quarters of the memory, in whole 64 MiB: the rest is the system's.
    pub(super) memory_bytes: u64,
    pub(super) cpu_millis: u64,
    /// The kind of the first disk; none where the kernel does not tell.
    pub(super) disk: Option<Disk>,
}

pub(super) fn read() -> Result<Here, Failure> {
    let meminfo = files::read(Path::new("/proc/meminfo"), "kernel's account of the memory")?;
    let total = total(&meminfo)
        .ok_or_else(|| anyhow!("`/proc/meminfo` says no `MemTotal`: give `--memory` and `--cpu` instead"))?;
    // In a container, the kernel's account is still the whole machine's.
    let own = files::read(Path::new("/sys/fs/cgroup/memory.max"), "limit of this container").ok();
    let own = own.and_then(|limit| limit.trim().parse::<u64>().ok());
    let total = own.map_or(total, |limit| limit.min(total));
    let cpus = available_parallelism().context("this machine does not say how many processors it has")?;
    Ok(Here {
        memory_bytes: total / 4 * 3 / (64 * MIB) * (64 * MIB),
        cpu_millis: u64::try_from(cpus.get()).unwrap_or(u64::MAX).saturating_mul(1000),
        disk: disk(),
    })
}

/// All memory, in bytes.
fn total(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// The kind of the disk whose name comes first, loop devices and the like aside.
fn disk() -> Option<Disk> {
    let entries = std::fs::read_dir("/sys/block").ok()?;
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    names.iter().find_map(|name| {
        kind(name, || {
            files::read(Path::new(&format!("/sys/block/{name}/queue/rotational")), "disk's kind").ok()
        })
    })
}

fn kind(name: &str, rotational: impl Fn() -> Option<String>) -> Option<Disk> {
    match name {
        _ if name.starts_with("nvme") => Some(Disk::Nvme),
        _ if name.starts_with("mmcblk") => Some(Disk::Sd),
        // A virtual disk (`vda`, `xvda`) is said to turn, whatever it lies on.
        _ if ["sd", "hd"].iter().any(|start| name.starts_with(start)) => {
            Some(if rotational()?.trim() == "1" { Disk::Hdd } else { Disk::Ssd })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_is_read_as_the_kernel_writes_it() {
        assert_eq!(total("MemTotal:       16303420 kB\nMemFree: 1 kB\n"), Some(16_303_420 * 1024));
        assert_eq!(total("MemFree: 1 kB\n"), None);
    }

    #[test]
    fn a_disk_is_known_by_its_name_and_whether_it_turns() {
        let turns = || Some("1\n".to_owned());
        let stands = || Some("0\n".to_owned());
        assert_eq!(kind("nvme0n1", turns), Some(Disk::Nvme));
        assert_eq!(kind("mmcblk0", turns), Some(Disk::Sd));
        assert_eq!(kind("sda", turns), Some(Disk::Hdd));
        assert_eq!(kind("sdb", stands), Some(Disk::Ssd));
        assert_eq!(kind("vda", turns), None);
        assert_eq!(kind("loop0", stands), None);
        assert_eq!(kind("sda", || None), None);
    }
}
