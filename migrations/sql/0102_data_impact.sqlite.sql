-- trigger erasures_data_impact
CREATE TRIGGER erasures_data_impact BEFORE UPDATE OF status ON erasures WHEN NEW.status = 'accepted' AND OLD.status <> 'accepted' AND EXISTS (
    SELECT 1 FROM drive_stays AS stay JOIN devices AS device ON device.id = stay.device_id
    JOIN donations AS donation ON donation.id = device.donation_id
    WHERE stay.drive_id = NEW.drive_id AND ((donation.least_level = 'purge' AND COALESCE(NEW.level, '') NOT IN ('purge', 'destroy'))
    OR (donation.least_level = 'destroy' AND COALESCE(NEW.level, '') <> 'destroy')
    OR (donation.reads_all_back AND NEW.verification = 'sample'))
) BEGIN SELECT RAISE(ABORT, 'erasures_data_impact'); END
-- trigger erasures_data_impact_at_once
CREATE TRIGGER erasures_data_impact_at_once BEFORE INSERT ON erasures WHEN NEW.status = 'accepted' AND EXISTS (
    SELECT 1 FROM drive_stays AS stay JOIN devices AS device ON device.id = stay.device_id
    JOIN donations AS donation ON donation.id = device.donation_id
    WHERE stay.drive_id = NEW.drive_id AND ((donation.least_level = 'purge' AND COALESCE(NEW.level, '') NOT IN ('purge', 'destroy'))
    OR (donation.least_level = 'destroy' AND COALESCE(NEW.level, '') <> 'destroy')
    OR (donation.reads_all_back AND NEW.verification = 'sample'))
) BEGIN SELECT RAISE(ABORT, 'erasures_data_impact_at_once'); END
