"""The surfaces of Wenju: command line, REST and web, Telegram. Each sees the library through its one door."""
