"""What the real files beside the checkout hold, read by eye: the machine and its drives, per file; tools other than lshw and smartctl."""

# file: (tool, manufacturer, model, serial, chassis, MiB, modules, addresses), drives as (model, serial, bytes, medium, health)
INVENTORIES = {
    "battery/1001pxd.battery.ini": (
        ("uevent", None, None, None, None, None, 0, 0),
        [],
    ),
    "battery/e5530.battery.ini": (
        ("uevent", None, None, None, None, None, 0, 0),
        [],
    ),
    "battery/upower-infos_1.txt": (
        ("upower", None, None, None, None, None, 0, 0),
        [],
    ),
    "battery/upower-infos_4.1.txt": (
        ("upower", None, None, None, None, None, 0, 0),
        [],
    ),
    "dmidecode/dell-fx160.txt": (
        ("dmidecode", "Dell Inc.", "OptiPlex FX160", "C83T54J", "desktop", 1024, 1, 0),
        [],
    ),
    "dmidecode/hp-proLiant-DL120-G6.txt": (
        ("dmidecode", "HP", "ProLiant DL120 G6", None, "server", 2048, 1, 0),
        [],
    ),
    "dmidecode/lenovo-thinkpad.txt": (
        ("dmidecode", "LENOVO", "ThinkPad Edge E320", "LR9NKZ7", "laptop", 8192, 2, 0),
        [],
    ),
    "dmidecode/linux-2.6.txt": (
        ("dmidecode", "Dell Inc.", "Latitude D610", "D8XD62J", "laptop", 2048, 2, 0),
        [],
    ),
    "dmidecode/positivo-informatica.txt": (
        ("dmidecode", None, None, None, None, 8192, 1, 0),
        [],
    ),
    "dmidecode/surface-go-2.txt": (
        ("dmidecode", "Microsoft Corporation", "Surface Go 2", "48368130c2f8", "laptop", None, 0, 0),
        [],
    ),
    "dmidecode/windows-xp.txt": (
        ("dmidecode", "Dell Inc.", "Precision M4400", "HLG964J", "laptop", 4096, 2, 0),
        [],
    ),
    "ereuse/2022-4-13-19-5_user_b27dbf43-b88a-4505-ae27-10de5a95919e.json": (
        ("eReuse Workbench", "Hewlett-Packard", "HP Compaq 8100 Elite SFF PC", "CZC0408YPV", "desktop", 8192, 4, 1),
        [("WDC WDS120G1G0A-00SS50", "173586804248", 120034123776, "ssd", "good")],
    ),
    "ereuse/522a4403-bfb3-4fe6-b454-4db6c3040a58.json": (
        ("eReuse Workbench", "LENOVO", "ThinkCentre M73", "MJ00YQXU", "desktop", 4096, 1, 1),
        [("WDC WD5000AAKX-08U6AA0", "WD-WCC2E7NV4C7U", 500107862016, "hdd", "good")],
    ),
    "ereuse/5d2f7902-ceb4-452c-832c-adaf3cbc3686.json": (
        ("eReuse Workbench", "Acer", "Aspire A315-53", "NXH9KAL0079150DA7D3400", "laptop", 4096, 1, 1),
        [("WDC WDS240G2G0A-00JH30", "192267801547", 240065183744, "ssd", "watch")],
    ),
    "ereuse/946fd30b-68f7-425f-aca4-1ae39a86d353.json": (
        ("eReuse Workbench", "Hewlett-Packard", "HP Compaq Pro 4300 SFF PC", "MXL3451GTT", "desktop", 4096, 1, 1),
        [("ST500DM002-1BD142", "S2AJ3XHB", 500107862016, "hdd", "good")],
    ),
    "ereuse/acer.happy.battery.snapshot.yaml": (
        ("eReuse Workbench", "Acer", "AOHAPPY", "LUSEA0D010038879A01601", "laptop", 1024, 1, 2),
        [("WDC WD1600BEVT-2", "WD-WX11A80W7430", 160041885696, "hdd", "good")],
    ),
    "ereuse/asus-1001pxd.snapshot.11.yaml": (
        ("eReuse Workbench", "ASUSTeK Computer INC.", "1001PXD", "B8OAAS048286", "laptop", 1024, 1, 2),
        [("HTS54322", "E2024242CV86HJ", 250059350016, "hdd", "good")],
    ),
    "ereuse/basic.snapshot.badly_formed.yaml": (
        ("eReuse Workbench", None, None, None, "desktop", None, 0, 0),
        [],
    ),
    "ereuse/complete.export.snapshot.json": (
        ("eReuse Workbench", "ASUSTeK Computer INC.", "1001PXD", "B8OAAS048287", "laptop", 2048, 2, 2),
        [
            ("HTS54322", "E2024242CV86HJ", 250059350016, "hdd", "watch"),
            ("WDC WD1600BEVT-2", "WD-WX11A80W7430", 160041885696, "unknown", "watch"),
            ("WDC WD1600BEVT-2", "WD-WX11A80W7430", 160041885696, "ssd", "good"),
        ],
    ),
    "ereuse/dell-optiplexgx520.snapshot.11.yaml": (
        ("eReuse Workbench", "Dell Inc.", "OptiPlex GX520", "6G0772J", "desktop", 1024, 2, 1),
        [("ST3808110AS", "5LR30DTZ", 79999008768, "hdd", "watch")],
    ),
    "ereuse/desktop-9644w8n-lenovo-0169622.snapshot.yaml": (
        ("eReuse Workbench", "LENOVO", "9644W8N", "0169622", "desktop", 2048, 2, 1),
        [],
    ),
    "ereuse/erase-sectors-2-hdd.snapshot.yaml": (
        ("eReuse Workbench", "bar", "baz", "foo", "desktop", 4096, 1, 1),
        [
            ("WDC WD3200AAJS-2", "WD-WCAV29008961", 320072933376, "hdd", "failing"),
            ("WDC WD3200AAJS-0", "WD-WCAV27984668", 320072933376, "hdd", "good"),
        ],
    ),
    "ereuse/failed.snapshot.422.null-chassis.yaml": (
        ("eReuse Workbench", "d5mr", "d5ml", "d5s", "laptop", None, 0, 0),
        [("hdd5m", "hdd5s", 160041885696, "hdd", "unknown")],
    ),
    "ereuse/hp1.snapshot.11.yaml": (
        ("eReuse Workbench", "Hewlett-Packard", "HP Compaq 8100 Elite SFF", "CZC0408YNC", "desktop", 2048, 1, 1),
        [("ST3200826AS", "5ND202LZ", 200049647616, "hdd", "watch")],
    ),
    "ereuse/hp_probook_450.json": (
        ("eReuse Workbench", "Hewlett-Packard", "HP ProBook 450 G2", "CND4286ZJ2", "laptop", 8192, 2, 2),
        [("ST500LT012-1DG142", "S3P9A80F", 500107862016, "hdd", "watch")],
    ),
    "ereuse/lenovo-3493BAG.snapshot.11.yaml": (
        ("eReuse Workbench", "LENOVO", "3493BAG", "PB357N0", "desktop", 2048, 1, 1),
        [("ST250DM000-1BD14", "Z2AYPLNP", 250059350016, "hdd", "watch")],
    ),
    "ereuse/qemu-cc9927a9-55ad-4937-b36b-7185147d9fa9.json": (
        ("eReuse Workbench", "QEMU", None, None, "desktop", 1024, 1, 1),
        [("QEMU HARDDISK", None, 42949673472, "unknown", "good")],
    ),
    "ereuse/snapshot-workbench11.json": (
        ("eReuse Workbench", "Hewlett-Packard", "Hp Probook 650 G1", "CNU406CLGR", "laptop", 4096, 1, 1),
        [("Emtec X150 120gb", "LDS645R002202", 120034123776, "ssd", "unknown")],
    ),
    "ereuse/snapshot01.json": (
        ("eReuse Workbench", "LENOVO", "ThinkCentre M92P", None, "desktop", 4096, 1, 1),
        [("ST3500418AS", None, 500000000000, "hdd", "good")],
    ),
    "ereuse/snapshot_workbench-script.json": (
        ("eReuse Workbench", "Dell Inc.", "Latitude E7240", "5CQ6VY1", "laptop", 16384, 2, 2),
        [
            ("LITEONIT LMT-256M6M mSATA 256GB", "TW0XXM305508539G1361", 256060514304, "ssd", "good"),
            ("Samsung SSD 850 EVO mSATA 500GB", "S33HNX0J203755R", 500107862016, "ssd", "good"),
        ],
    ),
    "glpi/examples-computer_1.json": (
        ("GLPI Agent", "Dell Inc.", "XPS 13 9350", "640HP72", "laptop", 8192, 2, 1),
        [("PM951 NVMe SAMSUNG 256GB", "S29NNXAH146409", 256060514304, "nvme", "unknown")],
    ),
    "glpi/examples-computer_1_partial_batteries.json": (
        ("GLPI Agent", "Dell Inc.", "XPS 13 9350", "640HP72", "laptop", 7800, 0, 0),
        [],
    ),
    "glpi/tests-data-2.xml": (
        ("GLPI Agent", "Hewlett-Packard", "HP EliteBook 2540p", "CZC0479792", "laptop", 4096, 2, 2),
        [("Hitachi HTS725025A9A364", "101024PCK204VJJVAMYJ", 250059350016, "unknown", "unknown")],
    ),
    "glpi/tests-data-3.xml": (
        ("GLPI Agent", "Apple Computer, Inc.", "iMac5,1", "W87051UGVUV", None, 4096, 2, 2),
        [],
    ),
    "glpi/vm-fusioninventory-2.6.xml": (
        ("GLPI Agent", None, None, None, None, 24105, 0, 1),
        [(None, None, 274877000000, "unknown", "unknown")],
    ),
    "hwinfo/1001pxd.hwinfo.txt": (
        ("hwinfo", "ASUSTeK Computer INC.", "1001PXD", "B8OAAS048286", "laptop", 1024, 1, 2),
        [("Hitachi HTS543225A7A384", "E2024242CV86HJ", 250059350016, "unknown", "unknown")],
    ),
    "hwinfo/e5530.hwinfo.txt": (
        ("hwinfo", "Dell Inc.", "Latitude E5530 non-vPro", "D8FTRY1", "laptop", 8192, 2, 1),
        [("HGST HTS725050A7E630", "TF755AWHKL0LHM", 500107862016, "unknown", "unknown")],
    ),
    "inxi/vm-inxi-Fxxxz.txt": (
        ("inxi", None, None, None, None, 24105, 0, 0),
        [(None, None, 274877906944, "unknown", "unknown")],
    ),
    "lshw-xml/athlon-storebox.xml": (
        ("lshw", None, None, None, None, 256, 0, 2),
        [("QUANTUM FIREBALLlct08 13", "393935820246", 13020069888, "unknown", "unknown")],
    ),
    "lshw-xml/invalid-chars.xml": (
        ("lshw", None, None, None, None, 1536, 4, 1),
        [("ST340823A", "6EF0BAFP", 40020664320, "unknown", "unknown")],
    ),
    "lshw/expected-ereuse/1001pxd.snapshot.json": (
        ("eReuse Workbench", "ASUSTeK Computer INC.", "1001PXD", "B8OAAS048286", "laptop", 1024, 1, 2),
        [("HTS54322", "E2024242CV86HJ", 250059350016, "hdd", "unknown")],
    ),
    "lshw/expected-ereuse/7220w3t.snapshot.json": (
        ("eReuse Workbench", "LENOVO", "ThinkCentre M58p", "S4R6062", "desktop", 4096, 2, 1),
        [("ST3250318AS", "6VY54ZKX", 250059350016, "hdd", "unknown")],
    ),
    "lshw/expected-ereuse/7900.snapshot.json": (
        ("eReuse Workbench", "Hewlett-Packard", "HP Compaq dc7900 Small Form Factor", "CZC901381R", "desktop", 2048, 1, 1),
        [
            ("ST3160815AS", "6RX7AWEZ", 160041885696, "hdd", "unknown"),
            ("WDC WD3200AAJS-0", "WD-WCARW0244414", 320072933376, "hdd", "unknown"),
            ("WDC WD5000AAKX-6", "WD-WCC2ETY84203", 500107862016, "hdd", "unknown"),
        ],
    ),
    "lshw/expected-ereuse/8100.snapshot.json": (
        ("eReuse Workbench", "Hewlett-Packard", "HP Compaq 8100 Elite SFF", "CZC0408YPV", "desktop", 8192, 4, 1),
        [("WDC WD3200AAJS-6", "WD-WCAV2U856544", 320072933376, "hdd", "unknown")],
    ),
    "lshw/expected-ereuse/TM1613.snapshot.json": (
        ("eReuse Workbench", "Timi", "TM1613", "13138/00064437", "laptop", 8192, 1, 1),
        [],
    ),
    "lshw/expected-ereuse/acer-happy.snapshot.json": (
        ("eReuse Workbench", "Acer", "AOHAPPY", "LUSEA0D010038879A01601", "laptop", None, 0, 2),
        [("WDC WD1600BEVT-2", "WD-WX11A80W7430", None, "hdd", "good")],
    ),
    "lshw/expected-ereuse/core2.snapshot.json": (
        ("eReuse Workbench", None, None, None, "desktop", 1024, 1, 1),
        [("SAMSUNG HD250HJ", "S0URJDQP811025", 250059350016, "hdd", "unknown")],
    ),
    "lshw/expected-ereuse/e5530.snapshot.json": (
        ("eReuse Workbench", "Dell Inc.", "Latitude E5530 non-vPro", "D8FTRY1", "laptop", 8192, 2, 1),
        [("HGST HTS725050A7", "TF755AWHKL0LHM", 500107862016, "hdd", "unknown")],
    ),
    "lshw/expected-ereuse/hp-pavilion-dv4000.snapshot.json": (
        ("eReuse Workbench", "Hewlett-Packard", "Pavilion dv4000", "2CE5270ZWC", "laptop", 1024, 2, 2),
        [("MHT2080A", "NN4FT561BDC2", 80026361856, "hdd", "unknown")],
    ),
    "lshw/expected-ereuse/nox.snapshot.json": (
        ("eReuse Workbench", None, None, None, "desktop", 4096, 1, 1),
        [("ST3500413AS", "Z2A3HR7N", 500107862016, "hdd", "unknown")],
    ),
    "lshw/expected-ereuse/optiplex-gx520.snapshot.json": (
        ("eReuse Workbench", "Dell Inc.", "OptiPlex GX520", "6G0772J", "desktop", 1024, 2, 1),
        [("ST3808110AS", "5LR30DTZ", 80000000000, "hdd", "unknown")],
    ),
    "lshw/expected-ereuse/test_isard_probook.snapshot.json": (
        ("eReuse Workbench", "HP", "ProBook 430 G4", "5CD7314HDY", "laptop", 8192, 1, 1),
        [("SAMSUNG MZNTY256", "S2ZPNB0J121952", 256060514304, "ssd", "unknown")],
    ),
    "lshw/expected-ereuse/virtualbox-no-hdd.snapshot.json": (
        ("eReuse Workbench", "innotek GmbH", "VirtualBox", None, None, None, 0, 1),
        [],
    ),
    "lshw/expected-ereuse/vostro-260.snapshot.json": (
        ("eReuse Workbench", "Dell Inc.", "Vostro 260", "1Q63F5J", "desktop", 4096, 2, 1),
        [("ST500DM002-1BD14", "Z2AYS308", 500107862016, "hdd", "unknown")],
    ),
    "machines/acer-a315-before-ram/dmidecode.txt": (
        ("dmidecode", "Acer", "Aspire A315-53", "NXH9KAL0079150DA7D3400", "laptop", 4096, 1, 0),
        [],
    ),
    "machines/acer-a315-before-ram/hwinfo.txt": (
        ("hwinfo", "Acer", "Aspire A315-53", "NXH9KAL0079150DA7D3400", "laptop", 4096, 1, 1),
        [("WDC WDS240G2G0A-00JH30", "192267801547", 240065183744, "ssd", "unknown")],
    ),
    "machines/dell-e7240-two-ssd/dmidecode.txt": (
        ("dmidecode", "Dell Inc.", "Latitude E7240", "5CQ6VY1", "laptop", 16384, 2, 0),
        [],
    ),
    "machines/dell-e7240-two-ssd/inxi.json": (
        ("inxi", "Dell", "Latitude E7240", "5CQ6VY1", "laptop", 16384, 2, 2),
        [
            ("LMT-256M6M mSATA 256GB", "TW0XXM305508539G1361", 256060514304, "ssd", "good"),
            ("SSD 850 EVO mSATA 500GB", "S33HNX0J203755R", 500107862016, "ssd", "good"),
        ],
    ),
    "machines/hp-pro4300/dmidecode.txt": (
        ("dmidecode", "Hewlett-Packard", "HP Compaq Pro 4300 SFF PC", "MXL3451GTT", "desktop", 4096, 1, 0),
        [],
    ),
    "machines/hp-pro4300/hwinfo.txt": (
        ("hwinfo", "Hewlett-Packard", "HP Compaq Pro 4300 SFF PC", "MXL3451GTT", "desktop", 4096, 1, 1),
        [("ST500DM002-1BD142", "S2AJ3XHB", 500107862016, "unknown", "unknown")],
    ),
    "machines/lenovo-m73-MJ00YQXU/dmidecode.txt": (
        ("dmidecode", "LENOVO", "ThinkCentre M73", "MJ00YQXU", "desktop", 4096, 1, 0),
        [],
    ),
    "machines/lenovo-m73-MJ00YQXU/hwinfo.txt": (
        ("hwinfo", "LENOVO", "ThinkCentre M73", "MJ00YQXU", "desktop", 4096, 1, 1),
        [("WDC WD5000AAKX-08U6AA0", "WD-WCC2E7NV4C7U", 500107862016, "unknown", "unknown")],
    ),
    "smartctl-text/smart_disabled.txt": (
        ("smartctl", None, None, None, None, None, 0, 0),
        [("WDC WD400BB-00DKA0", "REDACTED123456", 40020664320, "unknown", "unknown")],
    ),
    "smartctl-text/test0.txt": (
        ("smartctl", None, None, None, None, None, 0, 0),
        [("Hitachi HTS545050B9A300", "12345AEIOU123LOL456", 500107862016, "hdd", "failing")],
    ),
    "smartctl-text/three.txt": (
        ("smartctl", None, None, None, None, None, 0, 0),
        [
            ("WDC WD400BB-00DKA0", "WD-WCAHM786543", 40020664320, "unknown", "good"),
            ("ST1000DX001-1CM162", "45DL0LXD", 1000204886016, "hdd", "good"),
            ("WDC WD1600JS-60MHB5", "WD-WCANM89765430", 160041885696, "unknown", "good"),
        ],
    ),
    "windows/Get-ComputerInfo-precision3420-ps7.txt": (
        ("Get-ComputerInfo", "Dell Inc.", "Precision Tower 3420", "FQMNXM2", "desktop", 65536, 0, 0),
        [],
    ),
    "windows/Get-ComputerInfo-xps13-ps5.txt": (
        ("Get-ComputerInfo", "Dell Inc.", "XPS 13 9350", "DLGQD72", "laptop", 16384, 0, 0),
        [],
    ),
    "windows/latitude-7480-MSFT_PhysicalDisk.wmi": (
        ("WMI", None, None, None, None, None, 0, 0),
        [("PC300 NVMe SK hynix 512GB", "FJ68NXXXXXXXXXXXX", 512110190592, "nvme", "unknown")],
    ),
    "windows/latitude-7480-Win32_DiskDrive.wmi": (
        ("WMI", None, None, None, None, None, 0, 0),
        [("PC300 NVMe SK hynix 512GB", None, 512110190592, "nvme", "unknown")],
    ),
    "windows/windows-10-systeminfo.out": (
        ("systeminfo", "VMware, Inc.", "VMware7,1", None, None, 2047, 0, 0),
        [],
    ),
}

OTHERS = {
    "blancco/blancco-export-request.xml": "report.other_tool",
    "blancco/blancco5-mobile-flattened.xml": "report.other_tool",
    "dmidecode/vm-no-table.txt": "report.no_machine",
    "ereuse/computer-monitor.snapshot.yaml": "report.not_a_computer",
    "ereuse-erase/usody-sanitize-success-hitachi.json": "report.other_tool",
    "glpi/examples-phone_1.json": "report.not_a_computer",
    "glpi/tests-data-9.xml": "report.not_a_computer",
    "hdparm/hdparm-I-linux1.txt": "report.other_tool",
    "hdparm/hdparm-I-linux4.txt": "report.other_tool",
    "hdparm/security-erase-success-toshiba250.txt": "report.other_tool",
    "machines/acer-a315-before-ram/lspci.txt": "report.other_tool",
    "machines/hp-pro4300/lspci.txt": "report.other_tool",
    "machines/lenovo-m73-MJ00YQXU/lspci.txt": "report.other_tool",
    "windows/scholtech-BaseReport.2.0.json": "report.not_this_tool",
    "windows/windows-10-systeminfo.json": "report.other_tool",
}
"""Files that are no inventory of a computer, each with the code of its refusal."""
