// Preloaded into the ingester's process: nothing but the simulator and the database can be reached from it.
import { forbidOtherHosts } from '@aistock/venue_sim';

forbidOtherHosts(...(process.env['ALLOWED_ORIGINS'] ?? '').split(' ').filter((origin) => origin !== ''));
