"""The closed process in which an author's file is read.

The file is foreign code. It runs in a Python of its own, and these walls stand around it:

- no environment, no standard input, no other open files; its own session, killed as a whole;
- limits on time, memory, open files, written bytes and, unless it runs as root, on new processes;
- a guard inside Python (`guard`) that ends the process at the first thing not known to be harmless:
  reading outside the folders named by `places`, writing, networks, programs, C libraries;
- where Linux has Landlock (`landlock`), the kernel's own refusal of the same files, of all writing,
  of starting programs and of TCP, which nothing inside the process can take back.

What they do not do. The guard lives in the process that it guards: it stops mistakes and what we know
that plain Python offers, but whoever breaks Python itself gets past it and meets only the kernel. Without
Landlock (other systems, Linux before 5.13) there is then nothing but the rights of the user who
runs it. Landlock does not know UDP or local sockets, and lets names of files be seen, not contents.
Code that gets out of Python can answer what it likes; so the answer is checked as if a stranger sent it.
"""
