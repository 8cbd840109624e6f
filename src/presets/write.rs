//! The text of a preset, with a comment on each key: what it decides.

use crate::quantity::{print_binary, print_millis};

use super::Hardware;

impl Hardware {
    /// The preset's text. `use_for` says what it is for, in half a line: "a plant".
    pub fn preset(&self, use_for: Option<&str>) -> String {
        let Self { connections, replicas, .. } = self;
        let (workload, disk) = (self.workload.as_str(), self.disk.as_str());
        let title = match use_for {
            Some(text) => format!("For {text}"),
            None => "A shape".to_owned(),
        };
        format!(
            "# {title}: {size}
#
#   {command}
#
# Every parameter that is derived from these numbers, with its formula: pgpod tune --preset FILE
resources:
  # What the scheduler keeps free on a node.
  requests:
    cpu: {cpu_request}
    memory: {memory_request}
  # What the server may take. Its memory settings are derived from the memory here, its workers from the CPUs.
  limits:
    cpu: {cpu}
    memory: {memory}
persistence:
  # The data volume. A part of it is for the write-ahead log.
  size: {storage}
  # ssd, nvme, hdd or sd: what reads cost, and how fast autovacuum may go.
  disk: {disk}
postgresql:
  # Each takes about 4 MiB of the memory, and a part of what sorts may take (work_mem).
  maxConnections: {connections}
  # oltp, mixed, timeseries, warehouse or edge.
  workload: {workload}
highAvailability:
  # Servers, the primary included, when the release is highly available.
  replicas: {replicas}
{spread}",
            size = self.size(),
            command = self.command(use_for),
            cpu_request = print_millis(self.cpu_request_millis),
            memory_request = print_binary(self.memory_request_bytes),
            cpu = print_millis(self.cpu_millis),
            memory = print_binary(self.memory_bytes),
            storage = print_binary(self.storage_bytes),
            spread = if self.soft_spread { SOFT } else { "" },
        )
    }

    /// CPUs and memory in words: `0.5 CPUs, 1 GiB`.
    fn size(&self) -> String {
        let cpus = decimal(self.cpu_millis);
        let unit = if cpus == "1" { "CPU" } else { "CPUs" };
        let memory = print_binary(self.memory_bytes);
        let digits = memory.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        match &memory[digits.len()..] {
            "" => format!("{cpus} {unit}, {digits} bytes of memory"),
            suffix => format!("{cpus} {unit}, {digits} {suffix}B"),
        }
    }

    /// The command that writes the same text.
    fn command(&self, use_for: Option<&str>) -> String {
        let Self { connections, replicas, .. } = self;
        let mut command = format!(
            "pgpod preset generate --memory {} --cpu {} --storage {} --connections {connections} --replicas {replicas} \
             --workload {} --disk {}",
            print_binary(self.memory_bytes),
            print_millis(self.cpu_millis),
            print_binary(self.storage_bytes),
            self.workload.as_str(),
            self.disk.as_str(),
        );
        let usual = Self::new(self.memory_bytes, self.cpu_millis, self.workload);
        if self.soft_spread != usual.soft_spread {
            command.push_str(if self.soft_spread { " --spread soft" } else { " --spread hard" });
        }
        if self.cpu_request_millis != usual.cpu_request_millis {
            command.push_str(&format!(" --cpu-request {}", print_millis(self.cpu_request_millis)));
        }
        if self.memory_request_bytes != usual.memory_request_bytes {
            command.push_str(&format!(" --memory-request {}", print_binary(self.memory_request_bytes)));
        }
        if let Some(text) = use_for {
            // As a shell reads it back, whatever is in it.
            command.push_str(&format!(" --for '{}'", text.replace('\'', "'\\''")));
        }
        command
    }
}

/// What follows where servers may share a node.
const SOFT: &str = "  # There is often one node.\n  spread: soft\n";

/// Thousandths as a decimal number without trailing zeros.
fn decimal(thousandths: u64) -> String {
    let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
